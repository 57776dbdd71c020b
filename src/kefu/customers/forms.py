"""What people type about customers; the actions check what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kefu.customers import archive
from kefu.customers.models import ContactPoint, Customer, Occupancy
from kefu.customers.ruled import Ruled
from kefu.web.forms import Form

KINDS = ((Customer.NATURAL, _("natural person")), (Customer.LEGAL, _("legal person")))
CONTACTS = (
    (ContactPoint.PHONE, _("phone")),
    (ContactPoint.MAIL, _("e-mail")),
    (ContactPoint.WECHAT, _("WeChat")),
)
STANDINGS = (
    (Customer.ORDINARY, _("ordinary customer")),
    (Customer.EXCELLENT, _("excellent customer")),
    (Customer.DANGEROUS, _("dangerous customer")),
)
ROLES = ((Occupancy.OWNER, _("owner")), (Occupancy.TENANT, _("tenant")), (Occupancy.CONTACT, _("contact")))


class DetailsForm(Form):
    name = forms.CharField(label=_("Name"), max_length=300)
    id_number = forms.CharField(
        label=_("Id number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    grade = forms.CharField(label=_("Grade"), max_length=100, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ChangeForm(DetailsForm):
    """The id number is kept unless another is written or it is taken away: nobody has to see it to change a name.

    What changes by approval only is left out. people: (id, name) of those who may look after the customer.
    """

    forget_id_number = forms.BooleanField(label=_("Take the id number away"), required=False)
    region = forms.CharField(label=_("Region"), max_length=200, required=False)
    standing = forms.ChoiceField(label=_("Standing"), choices=STANDINGS, required=False)
    credit = forms.CharField(label=_("Credit rating"), max_length=100, required=False)
    credit_limit = forms.CharField(
        label=_("Credit limit (yuan)"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    specialist = forms.ChoiceField(label=_("Looked after by"), required=False)
    field_order = (
        "name",
        "id_number",
        "forget_id_number",
        "grade",
        "region",
        "standing",
        "credit",
        "credit_limit",
        "specialist",
        "note",
    )

    def __init__(
        self,
        customer: Customer,
        found: Mapping[str, Ruled],
        people: Sequence[tuple[int, str]],
        language: str,
        data: QueryDict | None,
    ) -> None:
        now = {name: getattr(customer, name) for name in ("name", "grade", "note", *archive.KEPT)}
        now["specialist"] = customer.specialist_id
        super().__init__(data, initial=now)
        self._customer = customer
        if customer.id_number:
            self.fields["id_number"].label = _("Another id number")
            self.fields["id_number"].help_text = _("Empty: the present one stays.")
        else:
            del self.fields["forget_id_number"]
        self.fields["specialist"].choices = [("", "—"), *people]  # type: ignore[attr-defined]  # it is a ChoiceField
        for name, ruled in found.items():
            if name in self.fields and ruled.approvals:
                del self.fields[name]
            elif name in ("grade", "credit") and ruled.titles:
                self.fields[name] = choice_of(self.fields[name].label, ruled, now[name], language)

    def details(self) -> dict[str, str]:
        """As `change_customer` takes them."""
        given = {name: self.cleaned_data[name] for name in ("name", "id_number", "note")}
        forget = self.cleaned_data.get("forget_id_number", False)
        given["id_number"] = given["id_number"] or ("" if forget else self._customer.id_number)
        return given | {"grade": self.cleaned_data.get("grade", self._customer.grade)}

    def kept(self) -> dict[str, object]:
        """As `archive.change` takes them: those that the form asks for."""
        given = {name: self.cleaned_data[name] for name in archive.KEPT if name in self.fields}
        return given | {"standing": given.get("standing") or self._customer.standing}


def choice_of(label: Any, ruled: Ruled, now: str, language: str) -> forms.ChoiceField:
    """The codes of the rulebook by their titles, and what stands there now."""
    titles = {code: title.text(language) for code, title in ruled.titles.items()}
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "—"), *({now: now} | titles if now else titles).items()]
    )


class AddForm(DetailsForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=Customer.NATURAL
    )
    department = forms.TypedChoiceField(label=_("Kept by"), coerce=int)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    mail = forms.CharField(label=_("E-mail"), max_length=300, required=False)
    wechat = forms.CharField(label=_("WeChat"), max_length=100, required=False)
    region = forms.CharField(label=_("Region"), max_length=200, required=False)
    field_order = (
        "name",
        "kind",
        "phone",
        "mail",
        "wechat",
        "id_number",
        "grade",
        "region",
        "note",
        "department",
    )

    def __init__(
        self,
        departments: Sequence[tuple[int, str]],
        found: Mapping[str, Ruled],
        language: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if "grade" in found and found["grade"].titles:
            self.fields["grade"] = choice_of(self.fields["grade"].label, found["grade"], "", language)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # it is a ChoiceField
        if len(departments) == 1:
            self.fields["department"].widget = forms.HiddenInput()

    def contacts(self) -> list[tuple[str, str]]:
        kinds = (ContactPoint.PHONE, ContactPoint.MAIL, ContactPoint.WECHAT)
        return [(kind, self.cleaned_data[kind]) for kind in kinds if self.cleaned_data[kind].strip()]


class ContactForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=CONTACTS)
    value = forms.CharField(
        label=_("Number or address"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class PlaceForm(Form):
    """A place on record, or a new one with `community` filled in."""

    community = forms.CharField(label=_("Community"), max_length=200)
    building = forms.CharField(label=_("Building"), max_length=100, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=100, required=False)
    room = forms.CharField(label=_("Room"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("As"), choices=ROLES)


class AssetForm(Form):
    """A device of a customer. places: (id, words) of those the customer holds."""

    name = forms.CharField(label=_("What it is"), max_length=200)
    number = forms.CharField(label=_("Number on it"), max_length=200)
    site = forms.ChoiceField(label=_("Where it stands"), required=False)
    warranty_until = forms.DateField(
        label=_("Under warranty until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, places: Sequence[tuple[int, str]], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["site"].choices = [("", "—"), *places]  # type: ignore[attr-defined]  # it is a ChoiceField
