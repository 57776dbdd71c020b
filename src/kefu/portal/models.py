"""Rows of the customer's side. Secrets are kept as digests, one-time codes not at all."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Visit(models.Model):
    """A browser that proved a contact by a code, or opened single cases; `digest` is that of the cookie's key."""

    digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=10, blank=True)  # phone or mail, once one was proved
    contact = models.CharField(max_length=254, blank=True)
    cases = models.JSONField(default=list)  # ids of those opened by number and phone, or by link
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Submission(models.Model):
    """How the sender of a case said they can be reached. Proves nothing until a code was sent there.

    base: the address under which it was sent in. told_seq: the ledger's number of the last news they were told of.
    """

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="+")
    phone = models.CharField(max_length=40)
    mail = models.CharField(max_length=254, blank=True)
    base = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    told_seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["phone"], name="submissions_by_phone"),
            models.Index(fields=["mail"], name="submissions_by_mail"),
        ]

    def __str__(self) -> str:
        return f"submission of {self.case_id}"


class Code(models.Model):
    """A one-time code asked for. The code itself is derived from the secret key and this row, and stored nowhere."""

    channel = models.CharField(max_length=10)
    contact = models.CharField(max_length=254)
    nonce = models.CharField(max_length=40)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code {self.pk}"


class Hit(models.Model):
    """Something was done under `key`, the digest of what is limited and for whom."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["key", "at"], name="hits_by_key"),
            models.Index(fields=["at"], name="hits_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%F %T}"
