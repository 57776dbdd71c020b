"""What people type to get in and about their own account; the actions check what it means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kefu.core.rulebook.load import load_pack, pack_names
from kefu.staff import limits
from kefu.staff.actions import NewDepartment
from kefu.web.forms import Form
from kefu.web.pages import language

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


class SignInForm(Form):
    login = forms.CharField(
        label=_("Login name"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)


class NewPasswordForm(Form):
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=format_lazy(
            _("{least} characters or more; a sentence is easier to remember than signs."),
            least=limits.PASSWORD_SHORTEST,
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", _("The two are not the same; type the new password again."))
        return given


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old", "new", "again")


class DetailsForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    mail = forms.CharField(label=_("E-mail"), max_length=300, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=(("", _("as the browser asks")), *settings.LANGUAGES), required=False
    )


class EnableTotpForm(Form):
    """`secret` is the one shown, signed so that only one made here comes back."""

    secret = forms.CharField(widget=forms.HiddenInput)
    code = CodeField(label=_("Code that the authenticator shows now"))


class CodeForm(Form):
    code = CodeField(label=_("Code that the authenticator shows now"))


class TokenForm(Form):
    name = forms.CharField(label=_("What is it for?"), max_length=200)
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=(("read", _("read only")), ("write", _("read and change")))
    )
    days = forms.TypedChoiceField(label=_("For how long?"), choices=DAYS, coerce=int, initial=90)


class DepartmentForm(forms.Form):
    """One row of the founding page; a row without a name is left out."""

    name = forms.CharField(label=_("Department"), max_length=200, required=False)
    code = forms.CharField(label=_("Code"), max_length=60, required=False)
    pack = forms.ChoiceField(label=_("Rulebook"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(name, load_pack(name).title) for name in pack_names()]
        self.fields["pack"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField, see above
            ("", _("none: it only receives")),
            *((name, title.text(language())) for name, title in titles),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not given.get("code"):
            self.add_error("code", _("Give the department a code in small letters, such as service_centre."))
        return given


DepartmentRows = forms.formset_factory(DepartmentForm, extra=0, min_num=1, max_num=20, validate_max=True)


class FoundingForm(Form):
    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, initial=settings.TIME_ZONE, help_text=_("Such as Asia/Shanghai.")
    )
    owner_name = forms.CharField(label=_("Your name"), max_length=200)
    owner_login = forms.CharField(
        label=_("Your login name"),
        max_length=200,
        help_text=_("Letters or digits without blanks. You own the organisation and may hand it over later."),
    )


def departments_of(rows: Any) -> list[NewDepartment]:
    """The rows that were filled in."""
    given = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("name")]
    return [NewDepartment(row["code"], row["name"], row["pack"]) for row in given]
