"""What heads of departments type about people and departments; the actions check what it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.core.versions import queries as versions
from kefu.core.versions.models import RulebookVersion
from kefu.staff.account_forms import DetailsForm
from kefu.staff.models import Department
from kefu.web.forms import Form
from kefu.web.pages import language


class AddPersonForm(DetailsForm):
    login = forms.CharField(
        label=_("Login name"),
        max_length=200,
        help_text=_("Letters or digits without blanks; it stays for good."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    department = forms.TypedChoiceField(label=_("Department"), coerce=int)
    field_order = ("name", "login", "department", "phone", "mail", "language")

    def __init__(self, departments: Sequence[Department], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "department", [(one.pk, one.name) for one in departments])


class DepartmentForm(Form):
    name = forms.CharField(label=_("Department"), max_length=200)
    parent = forms.TypedChoiceField(label=_("Part of"), coerce=int, required=False, empty_value=None)
    pack = forms.ChoiceField(
        label=_("Rulebook"),
        required=False,
        help_text=_("Only rulebooks that are in force; work that is open keeps the version it began under."),
    )

    def __init__(self, departments: Sequence[Department], at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "parent", [("", _("nothing: it stands at the top")), *named(departments)])
        choose(self, "pack", [("", _("none: it only receives")), *packs_in_force(at)])


class AddDepartmentForm(DepartmentForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Small letters, digits and _, such as service_centre. It stays for good."),
    )
    field_order = ("name", "code", "parent", "pack")


def choose(form: forms.Form, field: str, choices: Sequence[tuple[Any, Any]]) -> None:
    form.fields[field].choices = choices  # type: ignore[attr-defined]  # only called for fields with choices


def named(departments: Sequence[Department]) -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in departments]


def packs_in_force(at: datetime) -> list[tuple[str, str]]:
    """Rulebooks with a version in force, by name and title."""
    packs = RulebookVersion.objects.filter(in_force_from__lte=at).values_list("pack", flat=True)
    return [(name, versions.in_force(name, at).title.text(language())) for name in sorted(set(packs))]
