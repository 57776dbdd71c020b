"""What a person keeps about cases for themself: watched, pinned, to be reminded of, and lists by name.

Private: these rows say nothing about the case, so they leave no event, and they may be deleted. A list shared with a
team concerns others and is on record.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Watch(models.Model):
    """`person` is told what happens to `case`, as long as they may see it."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="watches", db_index=False)
    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "person"], name="one_watch_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.case_id}"


class Pin(models.Model):
    """`case` stands on top of the person's lists."""

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="pins", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "case"], name="one_pin_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} pins {self.case_id}"


class Reminder(models.Model):
    """A notice to `person` at `due_at`. `share`: percent of the time of the case's nearest promise; `due_at` then
    follows that promise, and is empty while it does not run. `urge`: the leader's word whose answer is due then."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="reminders")
    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    share = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    urge = models.ForeignKey("cases.Urge", models.CASCADE, null=True, related_name="reminders")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="reminder_due")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.case_id}"


class SavedView(models.Model):
    """A state of the queue under a name. `query` is the address of the list without its place; `team`: whose
    members see it too."""

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    team = models.ForeignKey("staff.Team", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    place = models.PositiveSmallIntegerField(default=0)  # in the person's order
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "name"], name="one_view_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
