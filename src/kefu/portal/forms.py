"""What customers type. Kinds ask more by the rulebook's own fields (`to_customer`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.cases.rating import LONGEST_WORDS, MARKS, TAGS
from kefu.customers.models import Site
from kefu.portal.limits import LONGEST_TEXT
from kefu.web.forms import Form
from kefu.web.pages import language

# where a refusal by this first word of its code is shown
AT_FIELD = {"phone": "phone", "mail": "mail", "message": "body"}
ELSEWHERE = ""


class SubmitForm(Form):
    """Who sends it, what it is about, and where."""

    body = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
    )
    site = forms.ChoiceField(label=_("Which place?"), widget=forms.RadioSelect, required=False)
    place = forms.CharField(
        label=_("Where is it?"),
        help_text=_("Building, room or the spot, as far as it helps us to find it."),
        max_length=200,
        required=False,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("We call you on it, and you look your request up with it."),
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    mail = forms.CharField(
        label=_("Mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"inputmode": "email", "autocomplete": "email"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, sites: Sequence[Site] = (), **initial: str) -> None:
        super().__init__(data, initial=initial)
        if sites:
            cast("forms.ChoiceField", self.fields["site"]).choices = [
                *((str(site.pk), str(site)) for site in sites),
                (ELSEWHERE, _("another place")),
            ]
        else:
            del self.fields["site"]


class LookUpForm(Form):
    number = forms.CharField(
        label=_("Number of the request"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    phone = forms.CharField(
        label=_("Phone, whole or its last four digits"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )


class ContactForm(Form):
    contact = forms.CharField(
        label=_("Phone or mail"), max_length=254, widget=forms.TextInput({"autocomplete": "username"})
    )


class CodeForm(Form):
    code = forms.CharField(
        label=_("Code of six digits"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class ReplyForm(Form):
    body = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )


class RatingForm(Form):
    marks = forms.TypedChoiceField(
        label=_("How was it?"),
        choices=[(one, one) for one in reversed(MARKS)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    tags = forms.MultipleChoiceField(
        label=_("What stood out?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        tags = cast("forms.MultipleChoiceField", self.fields["tags"])
        tags.choices = [(code, text.text(language())) for code, text in TAGS.items()]
