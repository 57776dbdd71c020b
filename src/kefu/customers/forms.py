"""What people type about customers; the actions check what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.customers.models import ContactPoint, Customer, Occupancy
from kefu.web.forms import Form

KINDS = ((Customer.NATURAL, _("natural person")), (Customer.LEGAL, _("legal person")))
CONTACTS = (
    (ContactPoint.PHONE, _("phone")),
    (ContactPoint.MAIL, _("e-mail")),
    (ContactPoint.WECHAT, _("WeChat")),
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
    """The id number is kept unless another is written or it is taken away: nobody has to see it to change a name."""

    forget_id_number = forms.BooleanField(label=_("Take the id number away"), required=False)
    field_order = ("name", "id_number", "forget_id_number", "grade", "note")

    def __init__(self, id_number: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = id_number
        if id_number:
            self.fields["id_number"].label = _("Another id number")
            self.fields["id_number"].help_text = _("Empty: the present one stays.")
        else:
            del self.fields["forget_id_number"]

    def details(self) -> dict[str, str]:
        """As `change_customer` takes them."""
        given = dict(self.cleaned_data)
        forget = given.pop("forget_id_number", False)
        given["id_number"] = given["id_number"] or ("" if forget else self._kept)
        return given


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
    field_order = ("name", "kind", "phone", "mail", "wechat", "id_number", "grade", "note", "department")

    def __init__(self, departments: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
