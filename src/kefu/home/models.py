"""What stands on a wall 大屏; everything else here is read from the capabilities."""

from __future__ import annotations

from django.db import models


class Wall(models.Model):
    """An address that shows figures to whoever knows it. `department`: whose, with those below it; empty for the whole
    organisation. Of the key in the address only the digest is kept."""

    name = models.CharField(max_length=80)
    department = models.ForeignKey("staff.Department", models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
