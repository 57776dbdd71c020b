"""The text of records, and the engine's own index of its tokens."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = ("CREATE VIRTUAL TABLE search_index USING fts5(t, content='', detail=full, tokenize='ascii')",)
_POSTGRESQL = (
    "CREATE TABLE search_index (doc_id bigint PRIMARY KEY, v tsvector NOT NULL)",
    # The pending list of a GIN index makes searches after many writes slow; without it each write pays its share.
    "CREATE INDEX search_index_v ON search_index USING gin (v) WITH (fastupdate = off)",
)


def create(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE search_index")


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
                ("text", models.TextField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="searchdoc",
            constraint=models.UniqueConstraint(fields=("kind", "record_id"), name="one_search_doc"),
        ),
        migrations.RunPython(create, drop),
    ]
