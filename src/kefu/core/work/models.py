"""Rows of work. Tables hold the present; the ledger explains it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.clocks import facts_json
from kefu.core.rulebook.model import Chapter, Flow, Kind, Ref, Rulebook
from kefu.core.versions import queries as versions


class Work(models.Model):
    """A piece of work. Subclasses name their rulebook `chapter` and their `noun` in the ledger ("case")."""

    chapter: ClassVar[Chapter]
    noun: ClassVar[str]
    in_force: Rulebook | None = None  # what an action found to be in force, kept while it runs

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60)
    # each kind of work has an index that begins with its department, and the key needs none of its own
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=60)
    fields = models.JSONField(
        default=dict
    )  # typed values as `facts_json` writes them; free text lives only here
    graded_by_person = models.BooleanField(default=False)  # until a fact that the grade asks about changes
    made = models.JSONField(default=dict)  # move -> instant at which it was last made
    parent_kind = models.CharField(max_length=60, blank=True)  # noun of the work this one was opened for
    parent_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True)  # the nearest due instant of its running clocks
    version = models.CharField(max_length=64)  # hash of the rulebook whose flow it keeps until it closes
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        return Ref(self.noun, str(self.pk))

    @property
    def rulebook(self) -> Rulebook:
        return versions.by_hash(self.version)

    @property
    def rule(self) -> Kind:
        return self.rulebook.kinds[self.kind]

    @property
    def flow(self) -> Flow:
        return self.rule.flow

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.voided_at is None

    @property
    def values(self) -> dict[str, object]:
        """The filled fields as typed values."""
        return facts_json.load(self.fields)

    def facts(self) -> dict[str, object]:
        """What rules may ask about this work: built-in fields, the instants of its moves, and its own fields."""
        return {
            "kind": self.kind,
            "number": self.number,
            "state": self.state,
            "owner": Ref("person", str(self.owner_id)) if self.owner_id else None,
            "author": Ref("person", str(self.author_id)) if self.author_id else None,
            "department": Ref("unit", str(self.department_id)),
            "opened": self.opened_at,
            "origin": Ref(self.parent_kind, str(self.parent_id)) if self.parent_kind else None,
            **facts_json.load(self.made),
            **self.values,
        }


class Counter(models.Model):
    """The last number given under a prefix such as `TS20260924-`."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class Escalation(models.Model):
    """A person made answerable for a piece of work besides its owner, until acknowledged."""

    work_kind = models.CharField(max_length=60)
    work_id = models.BigIntegerField()
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+")
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.JSONField(default=dict)  # what asked for it: clock and step, or move
    passed_over = models.JSONField(default=list)  # ids of superiors who were not on duty
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["work_kind", "work_id", "person"],
                condition=models.Q(acknowledged_at=None),
                name="one_open_escalation_per_person",
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["person"], condition=models.Q(acknowledged_at=None), name="open_escalations"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_kind} {self.work_id} to {self.person_id}"
