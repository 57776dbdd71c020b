"""Rows of documents, of signatures, and of forms that were not sent yet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Chapter
from kefu.core.work.models import Work
from kefu.core.work.registry import register


@register
class Document(Work):
    """A form of the rulebook that somebody filled in. What was signed never changes: a correction is a document of
    its own, which names the one that it `corrects`; `edition` counts them."""

    chapter: ClassVar[Chapter] = "forms"
    noun: ClassVar[str] = "document"

    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    edition = models.PositiveSmallIntegerField(default=1)
    because = models.CharField(max_length=200, blank=True)  # why it was corrected
    destroyed_at = models.DateTimeField(null=True)  # past its retention: its content is gone
    destroyed_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["department", "kind", "-id"], name="documents_of_kind"),
            models.Index(fields=["department", "kind", "opened_at"], name="documents_by_opened"),
            models.Index(fields=["department", "-id"], name="documents_of_department"),
            models.Index(fields=["owner", "-id"], name="documents_of_owner"),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_documents_of_owner",
            ),
            models.Index(
                fields=["parent_kind", "parent_id"],
                condition=models.Q(parent_id__isnull=False),
                name="documents_of_parent",
            ),
        ]


class Party(models.Model):
    """A person or a department that a document concerns: named in it, or to sign it. They see it from then on."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="parties", db_index=False)
    person = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "person"], name="one_party_per_person"),
            models.UniqueConstraint(fields=["document", "department"], name="one_party_per_department"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) ^ models.Q(department__isnull=False),
                name="party_is_one_of_both",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "document"], name="documents_of_party")
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.department_id} on {self.document_id}"


class Named(models.Model):
    """A record that a document names in a field: a customer, a case. Papers of a customer are found by it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="named", db_index=False)
    kind = models.CharField(max_length=60)  # as the form names it
    record_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "kind", "record_id"], name="named_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["kind", "record_id", "document"], name="documents_naming")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} on {self.document_id}"


class Draft(models.Model):
    """What somebody has typed into the forms of one page and not sent. Only its author ever reads it.

    `version` tells two windows apart: a save must name the one it goes on from.
    """

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)  # the page's path
    forms = models.JSONField(default=dict)  # form -> field -> values as typed
    version = models.CharField(max_length=22)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "place"], name="one_draft_per_page")
        ]

    def __str__(self) -> str:
        return f"draft of {self.person_id} at {self.place}"


class Signature(models.Model):
    """Who signed which field of which work, and how: drawn (`picture`), or confirmed by name.

    `person` is who was signed in; a customer signs on that person's screen, and `name` is theirs. A field that is
    signed again (work sent back) has another row; the last one counts.
    """

    work_kind = models.CharField(max_length=60)
    work_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    person = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    picture = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["work_kind", "work_id"], name="signatures_of_work")
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.work_kind} {self.work_id} by {self.name}"
