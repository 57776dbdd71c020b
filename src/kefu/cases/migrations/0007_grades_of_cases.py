"""The grade that stands in the form of each case, as the rulebook it keeps names it."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations


def fill(apps: Any, _schema: Any) -> None:
    case = apps.get_model("cases", "Case")
    for version in apps.get_model("versions", "RulebookVersion").objects.all():
        rulebook = json.loads(version.source)
        for kind, rule in rulebook.get("cases", {}).items():
            name = rule.get("grades")
            for level in rulebook["grades"][name]["levels"] if name else ():
                there = case.objects.filter(kind=kind, version=version.hash, **{f"fields__{name}": level})
                there.update(grade=f"{name}:{level}")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_grade_and_indexes"),
        ("versions", "0001_published"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
