"""Notices to one person inside the application."""

from __future__ import annotations

from django.db import models

from kefu.staff.models.people import Person


class Notice(models.Model):
    """`kind` has its wording in `kefu.staff.notices`; `data` fills it in."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_of_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="unread_notices"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"
