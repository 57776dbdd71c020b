"""The organisation, its tree of departments, and teams inside them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kefu.core.rulebook.model import Ref
from kefu.staff.models.spans import Span


class Organisation(models.Model):
    """The one organisation of an installation. Its owner may change everything about staff."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60)
    owner = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department; `pack` names its rulebook, "" when it only receives what others dispatch to it."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, unique=True)
    pack = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("unit", str(self.pk))


class Team(models.Model):
    """People of one department under one leader."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    leader = models.ForeignKey("staff.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="team_name_in_department")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """Departments and teams are both units; the prefix keeps their ids apart."""
        return Ref("unit", f"team-{self.pk}")


class TeamMember(Span):
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(until=None), name="one_open_membership_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"
