"""What is asked of big tables is answered from an index that begins with it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models import QuerySet

from kefu.cases.models import BulkRow, Case, Link, Message, Pin, Reach, Urge, Watch
from kefu.duties.models import Duty

pytestmark = [pytest.mark.db, pytest.mark.django_db]

ASKED = {
    "cases_of_department": lambda: Case.objects.filter(department_id=1).order_by("-id"),
    "cases_of_customer": lambda: Case.objects.filter(customer_id=1).order_by("-id"),
    "cases_of_site": lambda: Case.objects.filter(site_id=1).order_by("-id"),
    "cases_of_asset": lambda: Case.objects.filter(asset_id=1).order_by("-id"),
    "cases_of_grade": lambda: Case.objects.filter(grade="severity:major").order_by("-opened_at"),
    "cases_of_grade_by_due": lambda: Case.objects.filter(
        grade="severity:major", due_at__isnull=False
    ).order_by("due_at", "id"),
    "open_cases_by_due": lambda: Case.objects.filter(
        department_id=1, closed_at=None, voided_at=None
    ).order_by("due_at", "id"),
    "cases_by_due": lambda: Case.objects.filter(due_at__isnull=False).order_by("due_at", "id"),
    "cases_by_opened": lambda: Case.objects.order_by("-opened_at"),
    "cases_by_changed": lambda: Case.objects.order_by("-changed_at"),
    "cases_of_owner": lambda: Case.objects.filter(owner_id=1).order_by("-opened_at"),
    "cases_of_owner_changed": lambda: Case.objects.filter(owner_id=1).order_by("-changed_at"),
    "cases_in_state": lambda: Case.objects.filter(kind="repair", state="done").order_by("-opened_at"),
    "cases_of_parent": lambda: Case.objects.filter(parent_kind="case", parent_id=1),
    "cases_merged_into": lambda: Case.objects.filter(merged_into__in=[1]),
    "messages_of_case": lambda: Message.objects.filter(case_id=1).order_by("id"),
    "one_link_of_a_kind": lambda: Link.objects.filter(one_id=1),
    "one_watch_each": lambda: Watch.objects.filter(case_id=1),
    "one_pin_each": lambda: Pin.objects.filter(person_id=1),
    "urges_of_case": lambda: Urge.objects.filter(case_id=1).order_by("-id"),
    "one_row_of_a_run": lambda: BulkRow.objects.filter(run_id=1),
    "one_reach_per_department": lambda: Reach.objects.filter(department_id=1),
    "duties_of_department": lambda: Duty.objects.filter(department_id=1).order_by("-id"),
}

# Of an empty table PostgreSQL takes either.
AS_GOOD = {"cases_of_grade_by_due": "cases_by_due"}


@pytest.mark.parametrize("index", ASKED)
def test_the_database_answers_from_the_index(index: str) -> None:
    asked: QuerySet = ASKED[index]()[:25]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty here
            if index in AS_GOOD:
                cursor.execute(f"DROP INDEX {AS_GOOD[index]}")

    plan = asked.explain()

    assert index in plan or (connection.vendor == "sqlite" and _is_of_a_constraint(index, plan)), plan
    assert not re.search(r"SCAN cases_case(?! USING INDEX)", plan), plan


def _is_of_a_constraint(index: str, plan: str) -> bool:
    """SQLite names the index of a constraint itself."""
    return index.startswith("one_") and "USING" in plan and "autoindex" in plan
