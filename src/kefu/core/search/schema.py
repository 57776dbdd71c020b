"""The index of the docs, kept by the database itself: no text can change without it.

SQLite: FTS5 over a view of the docs' tokens, told of every change by triggers. PostgreSQL: a GIN index of an
expression. Both read only `search_searchdoc.text`, so an index can be built anew from it at any time.
A migration that changes the table on SQLite makes it anew and loses the triggers: it must call `create` again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kefu.core.search.text import LONGEST, PAIRS_FROM, tokens

SEGMENT = (
    19  # bits: the docs of a segment on PostgreSQL, where a search goes from the newest segment to the oldest
)
FIRST_SEGMENT = 256  # the character that stands for segment 0 in a token

INDEX_SQLITE = (
    # search_tokens: see `prepare`
    "CREATE VIEW search_tokens_of AS SELECT id, search_tokens(kind, text) AS tokens FROM search_searchdoc",
    "CREATE VIRTUAL TABLE search_index USING"
    " fts5(tokens, content='search_tokens_of', content_rowid='id', detail=none, tokenize='ascii')",
)
TRIGGERS_SQLITE = (
    "CREATE TRIGGER search_doc_added AFTER INSERT ON search_searchdoc BEGIN"
    " INSERT INTO search_index(rowid, tokens) VALUES (NEW.id, search_tokens(NEW.kind, NEW.text)); END",
    "CREATE TRIGGER search_doc_removed AFTER DELETE ON search_searchdoc BEGIN"
    " INSERT INTO search_index(search_index, rowid, tokens)"
    " VALUES ('delete', OLD.id, search_tokens(OLD.kind, OLD.text)); END",
    "CREATE TRIGGER search_doc_changed AFTER UPDATE ON search_searchdoc BEGIN"
    " INSERT INTO search_index(search_index, rowid, tokens)"
    " VALUES ('delete', OLD.id, search_tokens(OLD.kind, OLD.text));"
    " INSERT INTO search_index(rowid, tokens) VALUES (NEW.id, search_tokens(NEW.kind, NEW.text)); END",
)
FUNCTION_POSTGRESQL = f"""
CREATE FUNCTION search_tokens(id bigint, kind text, text text) RETURNS tsvector
IMMUTABLE STRICT PARALLEL SAFE COST 10000 LANGUAGE sql AS $$
  SELECT array_to_tsvector(ARRAY(
    SELECT chr(({FIRST_SEGMENT} + ($1 >> {SEGMENT}))::int) || left($2, 2) || one
        || CASE WHEN two >= '{PAIRS_FROM}' COLLATE "C" THEN two ELSE '' END
    FROM unnest(string_to_array($3, NULL), (string_to_array($3, NULL))[2:]) AS pair(one, two)
    WHERE one >= '{PAIRS_FROM}' COLLATE "C"
    UNION ALL
    SELECT chr(({FIRST_SEGMENT} + ($1 >> {SEGMENT}))::int) || left($2, 2) || substr(word[1], start, {LONGEST})
    FROM regexp_matches($3, '[0-9a-z\u0080-{chr(ord(PAIRS_FROM) - 1)}]+', 'g') word,
        generate_series(1, length(word[1])) start))
$$"""
# The pending list of a GIN index makes searches after many writes slow; without it each write pays its share.
INDEX_POSTGRESQL = (
    "CREATE INDEX search_index ON search_searchdoc USING gin (search_tokens(id, kind, text))"
    " WITH (fastupdate = off)",
)


def create(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """For `RunPython`."""
    if editor.connection.vendor == "sqlite":
        _run(editor, (*INDEX_SQLITE, *TRIGGERS_SQLITE))
    else:
        _run(editor, (FUNCTION_POSTGRESQL, *INDEX_POSTGRESQL))


def drop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        names = ("TRIGGER search_doc_added", "TRIGGER search_doc_removed", "TRIGGER search_doc_changed")
        _run(editor, [f"DROP {name}" for name in (*names, "TABLE search_index", "VIEW search_tokens_of")])
    else:
        _run(editor, ("DROP INDEX search_index", "DROP FUNCTION search_tokens"))


def is_sound(connection: Any) -> bool:
    """Whether the index says what the docs say. On PostgreSQL: whether it is there and complete."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('search_index')", []
            )
            return bool((cursor.fetchone() or [False])[0])
        try:
            with transaction.atomic():
                cursor.execute("INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)")
        except DatabaseError:
            return False
        return True


def rebuild(connection: Any) -> None:
    """Build the index anew from the docs, within the caller's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
        else:
            cursor.execute("DROP INDEX IF EXISTS search_index")
            for statement in INDEX_POSTGRESQL:
                cursor.execute(statement)


def prepare(connection: Any, **_: object) -> None:
    """Give a new SQLite connection the function that makes the tokens; PostgreSQL has its own."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("search_tokens", 2, _tokens, deterministic=True)


def mark(kind: str) -> str:
    """What every token of the kind begins with, so that a search reads no other kind's."""
    return kind[:2]


def _tokens(kind: str, text: str) -> str:
    before = mark(kind)
    return " ".join(before + token for token in tokens(text))


def _run(editor: BaseDatabaseSchemaEditor, statements: Sequence[str]) -> None:
    for statement in statements:
        editor.execute(statement, params=None)
