"""People who work here, the posts they hold, and who stands in for whom."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kefu.core.rulebook.model import Ref
from kefu.staff.models.spans import Span
from kefu.staff.models.units import Department


def working(at: datetime, person: str = "") -> Q:
    """Those who have joined and not left at `at`. `person`: the path to the person, such as "person__"."""
    stays = Q(**{f"{person}left_at": None}) | Q(**{f"{person}left_at__gt": at})
    return stays & Q(**{f"{person}joined_at__lte": at})


class People(BaseUserManager["Person"]):
    def working_at(self, at: datetime) -> models.QuerySet[Person]:
        """Those who have joined and not left."""
        return self.filter(working(at))


class Person(AbstractBaseUser):
    """One member of staff. A person without a usable password cannot sign in."""

    login = models.CharField(max_length=60, unique=True)  # canonical: NFKC, lower case
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=30, blank=True)  # E.164, with ;ext= and six digits at most
    mail = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)  # "" for never chosen: pages follow the browser
    department = models.ForeignKey(Department, models.PROTECT, related_name="people")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    away_since = models.DateTimeField(null=True)  # says "away" until they say "back"
    audits = models.BooleanField(default=False)  # may read the ledger; gives no other right
    totp_secret = models.CharField(max_length=200, blank=True)  # sealed (kefu.staff.secrets)
    totp_step = models.BigIntegerField(default=0)  # the last 30-second step whose code was used

    last_login = None  # sign-ins are rows of their own
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[People] = People()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["department", "id"], name="people_of_department")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's own is a constant True
        return self.left_at is None

    @property
    def ref(self) -> Ref:
        return Ref("person", str(self.pk))

    @property
    def actor_id(self) -> str:
        return f"person:{self.pk}"

    @property
    def actor_post(self) -> str:
        """Which of several posts a person acts in is known only to the action (see
        `ledger.actions.Actor`)."""
        return ""


class PostHolding(Span):
    """A post of the rulebook held by a person in a department."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    department = models.ForeignKey(Department, models.PROTECT, related_name="holdings")
    post = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "department", "post"], condition=Q(until=None), name="one_open_holding"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="holding_forward"
            ),
        ]
        indexes = [models.Index(fields=["post", "department"], name="holders_of_post")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post} in {self.department_id}"


class StandIn(Span):
    """`person` answers for `absent` in all posts of the absent one."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="standing_in")
    absent = models.ForeignKey(Person, models.PROTECT, related_name="stand_ins")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("absent")), name="nobody_stands_in_for_themselves"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="stand_in_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.absent_id}"
