"""Rows of the archive of customers. Names and numbers live only here: the ledger holds ids."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from kefu.core.rulebook.model import Ref


class Customer(models.Model):
    """A natural or legal person, kept by one department. After a merge it points to the one that goes on.

    grade, credit: as the rulebook's forms name them (`key`, `aaa`), or as typed where no rule sets them.
    """

    NATURAL, LEGAL = "natural", "legal"
    ORDINARY, EXCELLENT, DANGEROUS = "ordinary", "excellent", "dangerous"
    STANDINGS = ORDINARY, EXCELLENT, DANGEROUS

    kind = models.CharField(max_length=10, choices=[(NATURAL, NATURAL), (LEGAL, LEGAL)])
    name = models.CharField(max_length=120)
    id_number = models.CharField(max_length=30, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    credit = models.CharField(max_length=40, blank=True)
    credit_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan
    standing = models.CharField(max_length=10, choices=[(one, one) for one in STANDINGS], default=ORDINARY)
    specialist = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )  # who looks after them
    specialist_since = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["department", "-id"], name="customers_of_department"),
            models.Index(fields=["name"], name="customers_by_name"),
            models.Index(fields=["department", "specialist", "-id"], name="customers_of_specialist"),
            models.Index(fields=["specialist"], name="customers_looked_after"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number told to the customer; a merged one keeps answering to its own."""
        return f"KH{self.pk:06d}"

    @property
    def ref(self) -> Ref:
        return Ref("customer", str(self.pk))


class ContactPoint(models.Model):
    """A way to reach a customer; `value` in one spelling (E.164, lower-case mail, WeChat id as given)."""

    PHONE, MAIL, WECHAT = "phone", "mail", "wechat"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=[(PHONE, PHONE), (MAIL, MAIL), (WECHAT, WECHAT)])
    value = models.CharField(max_length=254)
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_point_once")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="contact_points_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.customer_id}"


class Site(models.Model):
    """A place: community 小区, building 楼栋, unit 单元, room 房号; the finer parts may be empty (a whole
    building)."""

    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+")
    community = models.CharField(max_length=80)
    building = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    room = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["community", "building", "unit", "room"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "community", "building", "unit", "room"], name="site_once"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.community, self.building, self.unit, self.room) if part)

    @property
    def ref(self) -> Ref:
        return Ref("site", str(self.pk))


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def at(self, at: datetime) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


class Occupancy(models.Model):
    """Who owns, rents or answers for a place, from an instant until another (half-open)."""

    OWNER, TENANT, CONTACT = "owner", "tenant", "contact"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="occupancies")
    site = models.ForeignKey(Site, models.PROTECT, related_name="occupancies")
    role = models.CharField(max_length=10, choices=[(OWNER, OWNER), (TENANT, TENANT), (CONTACT, CONTACT)])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "site", "role"], condition=Q(until=None), name="one_open_occupancy"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="occupancy_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.role} of {self.site_id}"


class Asset(models.Model):
    """A device 设备 with the number it bears; customer and site: whose it is and where it stands, one of them at least.
    warranty_until: the last day of its warranty."""

    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="assets")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="assets")
    warranty_until = models.DateField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "number"], name="asset_once"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(site__isnull=False), name="asset_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def ref(self) -> Ref:
        return Ref("asset", str(self.pk))


class Reveal(models.Model):
    """Somebody looked at a masked value of a customer, case or duty, and why. The reason is free text, so it stands
    here, not in the ledger."""

    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="reveals_of_person")]

    def __str__(self) -> str:
        return f"{self.field} of {self.subject_kind} {self.subject_id} by {self.person_id}"
