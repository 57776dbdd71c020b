"""Rows of duties."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Chapter, Ref
from kefu.core.work.models import Work
from kefu.core.work.registry import register


class Series(models.Model):
    """A plan of duties that an event began: the next one opens at `next_at`, until there is none or it is ended."""

    kind = models.CharField(max_length=60)
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+")
    parent_kind = models.CharField(max_length=60)  # the work whose event began it
    parent_id = models.BigIntegerField()
    each_kind = models.CharField(max_length=60, blank=True)  # the record it is about
    each_id = models.CharField(max_length=40, blank=True)
    began_at = models.DateTimeField()
    item = models.PositiveIntegerField(default=0)  # the last one opened
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="series_next"),
            models.Index(fields=["parent_kind", "parent_id"], name="series_of_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.parent_kind} {self.parent_id}"

    @property
    def each(self) -> Ref | None:
        return Ref(self.each_kind, self.each_id) if self.each_kind else None


class Rounds(models.Model):
    """Up to when a department's periodic duties have been opened. Its row is the lock of whoever opens them."""

    department = models.OneToOneField("staff.Department", models.PROTECT, related_name="+")
    opened_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.department_id} until {self.opened_until}"


@register
class Duty(Work):
    """A task of the rulebook. It belongs to `post` until somebody takes it.

    One that comes round has a `period` (2026-W39) or an `item` of its `series`; when it falls due stands among its
    values. each: the record it is owed for.
    """

    chapter: ClassVar[Chapter] = "duties"
    noun: ClassVar[str] = "duty"

    post = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=12, blank=True)
    each_kind = models.CharField(max_length=60, blank=True)
    each_id = models.CharField(max_length=40, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="duties")
    item = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["department", "kind", "period", "each_kind", "each_id"],
                condition=~models.Q(period=""),
                name="one_duty_per_period",
            ),
            models.UniqueConstraint(
                fields=["series", "item"],
                condition=models.Q(series__isnull=False),
                name="one_duty_per_item",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_duties_of_owner",
            ),
            models.Index(
                fields=["department", "post", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_duties_of_post",
            ),
            models.Index(fields=["owner"], name="duties_of_owner"),
            models.Index(fields=["department", "-id"], name="duties_of_department"),
            models.Index(
                fields=["parent_kind", "parent_id"],
                condition=models.Q(parent_id__isnull=False),
                name="duties_of_parent",
            ),
            models.Index(
                fields=["each_kind", "each_id"],
                condition=models.Q(closed_at=None, voided_at=None) & ~models.Q(each_kind=""),
                name="open_duties_of_record",
            ),
            models.Index(
                fields=["department", "kind", "closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="duties_done",
            ),
        ]

    @property
    def each(self) -> Ref | None:
        return Ref(self.each_kind, self.each_id) if self.each_kind else None


class Attempt(models.Model):
    """A try to reach somebody for a duty, and what came of it. Rows are the evidence when it ends as not reached."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="attempts")
    by = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=30)  # a code of `trying.CHANNELS`
    result = models.CharField(max_length=30)  # a code of `trying.RESULTS`
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.result} for {self.duty_id}"


class DaySheet(models.Model):
    """What somebody is to do on a day, drafted in the morning, closed when the working hours are over."""

    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    day = models.DateField()
    drafted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "day"], name="one_sheet_a_day")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["day"], condition=models.Q(closed_at=None), name="open_sheets")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class DayItem(models.Model):
    """A line of a sheet: a piece of work, or words of one's own. weight: urgency times importance, heaviest first.

    routine: work that comes round and is due that day; left undone it goes to the leader with the reason.
    """

    sheet = models.ForeignKey(DaySheet, models.CASCADE, related_name="items")
    work_kind = models.CharField(max_length=60, blank=True)
    work_id = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(null=True)  # an appointment, else the due instant
    routine = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-weight", "at", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["sheet", "work_kind", "work_id"],
                condition=models.Q(work_id__isnull=False),
                name="one_line_per_work",
            )
        ]

    def __str__(self) -> str:
        return self.text or f"{self.work_kind} {self.work_id}"
