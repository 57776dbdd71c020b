"""Rows of cases: the case itself, where it was dispatched to, what was said, and what belongs together."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Chapter, Ref
from kefu.core.work.models import Work
from kefu.core.work.registry import register


class GradeField(models.CharField):
    """`field:level` of a case's form, written whenever its row is: lists by a grade are read from an index."""

    def pre_save(self, model_instance: Any, add: bool) -> str | None:
        model_instance.grade = found = model_instance.grade_of_form()
        return found

    def deconstruct(self) -> Any:
        """To a migration it is any column."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


@register
class Case(Work):
    """A piece of work that a customer asks for. Its department's rulebook governs it wherever it is handled."""

    chapter: ClassVar[Chapter] = "cases"
    noun: ClassVar[str] = "case"

    subject = models.CharField(max_length=200)
    channel = models.CharField(max_length=30, blank=True)  # a code of `forms.CHANNELS`
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, related_name="+", db_index=False
    )
    site = models.ForeignKey("customers.Site", models.PROTECT, null=True, related_name="+", db_index=False)
    asset = models.ForeignKey("customers.Asset", models.PROTECT, null=True, related_name="+", db_index=False)
    grade = GradeField(max_length=125, null=True)
    import_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 (null: made here, not imported)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )  # it is void then

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["department", "-id"], name="cases_of_department"),
            models.Index(
                fields=["department", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_cases_by_due",
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_cases_of_owner",
            ),
            models.Index(fields=["opened_at"], name="cases_by_opened"),
            models.Index(fields=["changed_at"], name="cases_by_changed"),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(due_at__isnull=False), name="cases_by_due"
            ),
            models.Index(fields=["owner", "opened_at"], name="cases_of_owner"),
            models.Index(fields=["owner", "changed_at"], name="cases_of_owner_changed"),
            models.Index(fields=["kind", "state", "opened_at"], name="cases_in_state"),
            models.Index(  # all that is counted of open cases, with what its condition asks: the index alone answers
                fields=["department", "kind", "owner", "opened_at", "due_at", "closed_at", "voided_at"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_cases_of_kind",
            ),
            models.Index(
                fields=["changed_at", "id", "department", "owner", "closed_at", "voided_at"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_cases_by_changed",
            ),
            models.Index(fields=["customer", "-id"], name="cases_of_customer"),
            models.Index(fields=["site", "-id"], name="cases_of_site"),
            models.Index(
                fields=["grade", "due_at", "id"],
                condition=models.Q(grade__isnull=False),
                name="cases_of_grade_by_due",
            ),
            models.Index(
                fields=["grade", "opened_at"], condition=models.Q(grade__isnull=False), name="cases_of_grade"
            ),
            # only what is there: most cases name no device
            models.Index(
                fields=["asset", "-id"], condition=models.Q(asset__isnull=False), name="cases_of_asset"
            ),
            # only what is there: to SQLite a column that is mostly empty does not tell its rows apart
            models.Index(
                fields=["parent_kind", "parent_id"],
                condition=models.Q(parent_id__isnull=False),
                name="cases_of_parent",
            ),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="cases_merged_into",
            ),
        ]

    def grade_of_form(self) -> str | None:
        """`field:level`, as lists are filtered by it; None for none."""
        grades = self.rule.grades if self.fields else None
        level = self.fields.get(grades.name) if grades else None
        return f"{grades.name}:{level}" if grades and level else None

    def facts(self) -> dict[str, object]:
        """Besides, whose case it is and where: forms that are filled in for it know them already."""
        known = {"customer": self.customer_id, "site": self.site_id}
        return {name: Ref(name, str(pk)) for name, pk in known.items() if pk} | super().facts()


class Reach(models.Model):
    """A department that a case was dispatched to: its people see the case from then on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reaches")
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["department", "case"], name="one_reach_per_department")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} reached {self.department_id}"


class Message(models.Model):
    """Something said on a case: by staff (public to the customer, or internal) or by the customer."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    public = models.BooleanField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["case", "id"], name="messages_of_case")]

    def __str__(self) -> str:
        return f"message {self.pk} on {self.case_id}"


class Attachment(models.Model):
    """A stored file on a case, with a message or without."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    author = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file {self.file_id} on {self.case_id}"


class Link(models.Model):
    """Two cases that belong together. `kind`: cause, repeat, same (outage), rework, split (off)."""

    one = models.ForeignKey(Case, models.PROTECT, related_name="links_out", db_index=False)
    other = models.ForeignKey(Case, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"
