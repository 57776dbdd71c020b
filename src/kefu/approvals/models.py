"""Rows of approvals, of who is asked, and of what they decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Chapter, Ref
from kefu.core.work.models import Work
from kefu.core.work.registry import register


@register
class Approval(Work):
    """Something that `applicant` asks for. Its owner is whose turn it is: of several the first, or the applicant
    once it came back. `round` counts how often it was asked: what was sent back and changed is signed anew."""

    chapter: ClassVar[Chapter] = "approvals"
    noun: ClassVar[str] = "approval"

    applicant = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    turn = models.JSONField(default=list)  # ids of those who may sign now, as last resolved
    asked_at_revision = models.PositiveIntegerField(
        default=1
    )  # at which it was last asked, and so not changed since

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_approvals_of_owner",
            ),
            models.Index(fields=["owner"], name="approvals_of_owner"),
            models.Index(fields=["applicant", "-id"], name="approvals_of_applicant"),
            models.Index(fields=["department", "-id"], name="approvals_of_department"),
            models.Index(fields=["department", "kind", "closed_at"], name="approvals_decided"),
            models.Index(
                fields=["parent_kind", "parent_id"],
                condition=models.Q(parent_id__isnull=False),
                name="approvals_of_parent",
            ),
        ]

    def facts(self) -> dict[str, object]:
        """Rules ask `author` for whoever asks, also where the rulebook itself opened it for them."""
        asking = Ref("person", str(self.applicant_id)) if self.applicant_id else None
        turn = [Ref("person", str(person)) for person in self.turn]
        return super().facts() | {"author": asking, "links": turn}


class Asked(models.Model):
    """Somebody whom the chain names, as it was last resolved. `now`: it is their turn."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="asked", db_index=False)
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField()  # of the link, from 0
    now = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["approval", "place", "person"], name="asked_once_per_link")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "approval"], name="approvals_of_asked"),
            models.Index(fields=["person"], condition=models.Q(now=True), name="approvals_waiting_for"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.approval_id}"


class Decision(models.Model):
    """What somebody said to an approval, and why. The remark is free text, so it stands here, not in the ledger."""

    APPROVED, REFUSED, RETURNED = "approved", "refused", "returned"

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="decisions", db_index=False)
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    post = models.CharField(max_length=60, blank=True)  # in which they signed, "" for none
    verdict = models.CharField(max_length=10)
    remark = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["approval", "round", "person"], name="one_decision_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.person_id}: {self.approval_id}"
