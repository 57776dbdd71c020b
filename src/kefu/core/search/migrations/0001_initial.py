"""The texts of records, and the database's own index of their tokens."""

from __future__ import annotations

from django.db import migrations, models

from kefu.core.search.schema import create, drop


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("record_id", models.BigIntegerField()),
                ("part", models.BigIntegerField(default=0)),
                ("text", models.TextField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="searchdoc",
            constraint=models.UniqueConstraint(fields=("kind", "record_id", "part"), name="one_search_doc"),
        ),
        migrations.RunPython(create, drop),
    ]
