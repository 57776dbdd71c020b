"""What lets a person in. Secrets are kept as SHA-256 of random values of at least 128 bit, never
themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from kefu.staff import limits
from kefu.staff.models.people import Person


class OneTimeLink(models.Model):
    """An invitation or a new password by link: valid for 72 hours, used once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=[("invite", "invite"), ("reset", "reset")])
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} for {self.person_id}"


class ApiToken(models.Model):
    """A key for programs, acting as its person within `scopes`."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open_at(self, at: datetime) -> Self:
        """Those neither ended, nor idle too long, nor older than a session may be."""
        return self.filter(
            ended_at=None,
            started_at__gt=at - limits.SESSION,
            last_seen_at__gt=at - limits.IDLE,
        )


class SignIn(models.Model):
    """One session of a person at one browser; `digest` is that of the key in the cookie."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_ins")
    digest = models.CharField(max_length=64, unique=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "last_seen_at"], condition=models.Q(ended_at=None), name="open_sign_ins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} since {self.started_at:%F %T}"

    def is_open_at(self, at: datetime) -> bool:
        """What `open_at` asks, of one row that has not ended."""
        return self.started_at > at - limits.SESSION and self.last_seen_at > at - limits.IDLE


class SignInTries(models.Model):
    """Failed sign-ins under one name or from one address, whether or not such a person exists."""

    key = models.CharField(max_length=64, primary_key=True)  # digest of the name or address tried
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"
