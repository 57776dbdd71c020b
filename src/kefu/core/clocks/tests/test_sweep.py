"""Steps: each once and dated at its instant, whoever sweeps, whatever fails, however long everything was off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.cases.models import Case
from kefu.core.clocks import ticks
from kefu.core.clocks.actions import refresh
from kefu.core.clocks.models import ClockRow, SweepBeat
from kefu.core.clocks.sweep import Swept, carry_out, sweep
from kefu.core.clocks.tests.desk import local
from kefu.core.clocks.tests.live import Live, live, row, steps, told
from kefu.core.clocks.verify import differences
from kefu.core.db import write
from kefu.core.effects import registry
from kefu.core.effects.actions import retry_at_once
from kefu.core.effects.models import KeptNotice, StuckEffect
from kefu.core.effects.registry import Cause, Registered
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.model import Ref
from kefu.core.work.actions import void
from kefu.core.work.models import Escalation
from kefu.staff.models import Notice
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

CLOCKS = """
reply: {clause: one, starts: dispatched, stops: solved, due: 8 hours, pauses: waiting,
  steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}, {notify: owner}]},
    {at: 1 hours after due, do: [{notify: head}]}]}
"""
WARNED, DUE, AFTER = local("09-24 16:00"), local("09-24 18:00"), local("09-24 19:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(db: None) -> Live:
    return live(CLOCKS)


def dispatched(desk: Live, time: str = "09-24 10:00") -> Case:
    return desk.course(("09-24 09:00", "opened"), (time, "dispatched"))


def reminded(case: Case) -> list[datetime]:
    """When people were reminded of the case, oldest first."""
    found = Notice.objects.filter(kind="work.reminded", subject_id=str(case.pk)).order_by("at", "pk")
    return list(found.values_list("at", flat=True))


def test_nothing_happens_before_its_instant_and_at_it_once(desk: Live) -> None:
    case = dispatched(desk)

    assert sweep(at=WARNED - timedelta(microseconds=1)) == Swept(0, 0, 0)
    assert sweep(at=WARNED) == Swept(1, 1, 0)
    assert sweep(at=WARNED) == Swept(0, 0, 0)

    assert steps(case) == [("reply", 0, WARNED)]
    assert reminded(case) == [WARNED]
    assert row(case, "reply").next_at == DUE


def test_steps_noticed_late_are_dated_at_their_instants_and_come_in_their_order(desk: Live) -> None:
    case = dispatched(desk)

    assert sweep(at=local("09-26 09:00")) == Swept(1, 3, 0)

    assert steps(case) == [("reply", 0, WARNED), ("reply", 1, DUE), ("reply", 2, AFTER)]
    assert reminded(case) == [WARNED, DUE, AFTER]
    assert Escalation.objects.get().at == DUE
    assert [event.occurred_at for event in told(case, "clock.missed")] == [DUE]
    assert row(case, "reply").next_at is None
    assert list(differences(at=local("09-26 09:00"))) == []


def test_a_step_that_ends_its_clock_takes_the_later_ones_with_it(db: None) -> None:
    desk = live("reply: {clause: one, starts: dispatched, stops: solved, due: 8 hours, steps: "
                "[{at: 75%, do: [{move: solved}]}, {at: due, do: [{notify: owner}]}]}")  # fmt: skip
    case = dispatched(desk)

    assert sweep(at=local("09-26 09:00")).steps == 1

    assert steps(case) == [("reply", 0, WARNED)]
    assert row(case, "reply").state == "met"


def test_what_is_due_longest_comes_first_and_the_rest_with_the_next_sweep(desk: Live) -> None:
    later, first = dispatched(desk, "09-24 11:00"), dispatched(desk, "09-24 10:00")

    assert sweep(at=local("09-24 17:30"), limit=1).works == 1
    assert (steps(later), len(steps(first))) == ([], 1)
    sweep(at=local("09-24 17:30"), limit=1)
    assert len(steps(later)) == 1


def test_a_sweep_asks_once_who_is_who_for_all_that_is_due(desk: Live) -> None:
    cases = [dispatched(desk, f"09-24 10:{minute}") for minute in (10, 20, 30)]

    with CaptureQueriesContext(connection) as captured:
        assert sweep(at=local("09-26 09:00")).steps == 3 * len(cases)

    asked = [one["sql"] for one in captured.captured_queries if 'FROM "staff_postholding"' in one["sql"]]
    assert len(asked) == 1
    assert Escalation.objects.count() == len(cases)


def test_a_sweep_that_began_before_a_move_does_not_undo_it(desk: Live) -> None:
    case = dispatched(desk)
    began = local("09-24 18:30")
    case = desk.move(case, "solved", "09-24 18:31")
    assert row(case, "reply").ended_at == local("09-24 18:31")

    with write():
        refresh(Case.objects.get(pk=case.pk), at=began)
    carry_out(case.ref, at=began)

    assert row(case, "reply").ended_at == local("09-24 18:31")
    assert list(differences(at=local("09-24 19:30"))) == []


def test_four_workers_at_once_carry_out_each_step_once(fresh_database: FreshDatabase) -> None:
    desk = live(CLOCKS)
    cases = [dispatched(desk) for _ in range(12)]
    at = local("09-26 09:00")

    done = at_once(4, lambda _: sweep(at=at))

    assert sum(one.steps for one in done) == 3 * len(cases)
    assert [one.failed for one in done] == [0, 0, 0, 0]
    keys = Counter(
        (event.subject_id, event.data["name"]) for event in Event.objects.filter(kind="clock.step")
    )
    assert len(keys) == 3 * len(cases)
    assert set(keys.values()) == {1}
    assert all(reminded(case) == [WARNED, DUE, AFTER] for case in cases)
    assert Escalation.objects.count() == len(cases)
    assert Event.objects.filter(kind="clock.missed").count() == len(cases)
    assert verify().first_bad is None
    assert list(differences(at=at)) == []


# --- effects that fail --------------------------------------------------------------------------------------

Break = Callable[[Callable[[Effect, Case, Cause], bool] | None], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Let `notify` do its work and then fail wherever the given question says yes; None mends it."""
    sound = registry.registered("notify")

    def break_(asks: Callable[[Effect, Case, Cause], bool] | None) -> None:
        def notify(effect: Effect, work: Case, cause: Cause) -> None:
            sound.carry(effect, work, cause)
            if asks is not None and asks(effect, work, cause):
                raise OSError("no paper")

        monkeypatch.setitem(registry._effects, "notify", Registered(notify, sound.recipients))

    return break_


def test_a_failing_effect_takes_back_its_own_step_only(desk: Live, broken: Break) -> None:
    case, other = dispatched(desk), dispatched(desk)
    broken(lambda effect, work, cause: work.pk == case.pk and cause.at == DUE)

    assert sweep(at=AFTER) == Swept(2, 5, 1)

    assert steps(case) == [("reply", 0, WARNED), ("reply", 2, AFTER)]
    assert reminded(case) == [WARNED, AFTER]  # what it did before it failed is gone with it
    assert list(Escalation.objects.values_list("work_id", flat=True)) == [other.pk]
    assert len(steps(other)) == 3
    stuck = StuckEffect.objects.get()
    assert (stuck.key, stuck.subject_id) == (f"step:case:{case.pk}:reply:1:1", str(case.pk))
    assert stuck.error == "OSError: no paper"
    assert row(case, "reply").next_at == stuck.retry_at
    assert list(differences(at=AFTER)) == []


def test_it_is_tried_again_after_pauses_that_double_and_counts_at_its_own_instant(
    desk: Live, broken: Break
) -> None:
    case = dispatched(desk)
    broken(lambda effect, work, cause: cause.at == WARNED)
    at, pauses = WARNED, []
    for _ in range(9):
        sweep(at=at)
        stuck = StuckEffect.objects.get()
        assert sweep(at=stuck.retry_at - timedelta(seconds=1)).failed == 0  # not before
        pauses.append((stuck.retry_at - at) / MINUTE)
        at = stuck.retry_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert StuckEffect.objects.get().tries == 9
    assert {index for _, index, _ in steps(case)} == {1, 2}  # the others were not kept

    broken(None)
    assert sweep(at=at).steps == 1

    assert ("reply", 0, WARNED) in steps(case)
    assert not StuckEffect.objects.exists()
    assert row(case, "reply").next_at is None


def test_a_person_who_mended_the_cause_need_not_wait(desk: Live, broken: Break) -> None:
    case = dispatched(desk)
    broken(lambda effect, work, cause: True)
    sweep(at=WARNED)
    broken(None)

    retry_at_once(StuckEffect.objects.get(), by=SYSTEM, at=WARNED + timedelta(seconds=1))
    assert sweep(at=WARNED + timedelta(seconds=2)).steps == 1

    assert steps(case) == [("reply", 0, WARNED)]
    assert not StuckEffect.objects.exists()


def test_a_stuck_step_that_nobody_wants_any_more_is_forgotten(desk: Live, broken: Break) -> None:
    case = dispatched(desk)
    broken(lambda effect, work, cause: True)
    sweep(at=WARNED)
    void(case, by=desk.agent, at=WARNED, reason="登记错误")

    sweep(at=WARNED + 2 * MINUTE)

    assert not StuckEffect.objects.exists()


def test_work_that_cannot_even_be_read_does_not_hold_up_the_others(desk: Live) -> None:
    broken, sound = dispatched(desk), dispatched(desk, "09-24 10:01")
    ClockRow.objects.filter(work_id=broken.pk).update(work_id=999)  # first in line, and there is no case 999

    assert sweep(at=WARNED + MINUTE, limit=1) == Swept(1, 0, 1)
    assert sweep(at=WARNED + MINUTE, limit=1) == Swept(1, 1, 0)

    assert len(steps(sound)) == 1
    stuck = StuckEffect.objects.get()
    assert (stuck.key, "kefu verify --clocks" in stuck.error) == ("step:case:999", True)
    assert sweep(at=stuck.retry_at).failed == 1
    assert StuckEffect.objects.get().tries == 2


# --- everything was off -------------------------------------------------------------------------------------


@pytest.fixture
def three(desk: Live) -> list[Case]:
    cases = [dispatched(desk) for _ in range(3)]
    ticks.beat(at=local("09-24 15:00"))
    return cases


def test_what_was_missed_while_everything_was_off_comes_as_one_notice_to_each_person(
    desk: Live, three: list[Case]
) -> None:
    back = local("09-26 09:00")

    ticks.beat(at=back)

    assert [len(steps(case)) for case in three] == [3, 3, 3]
    assert steps(three[0])[0] == ("reply", 0, WARNED)  # and yet each step is dated at its instant
    digests = Notice.objects.filter(kind="work.digest").order_by("pk")
    assert {notice.person_id: notice.data["count"] for notice in digests} == {
        desk.agent.pk: 6,
        desk.head.pk: 3,
    }
    assert {notice.at for notice in digests} == {back}
    assert not Notice.objects.filter(kind="work.reminded").exists()
    assert Escalation.objects.count() == 3  # what is more than telling is done
    assert not KeptNotice.objects.exists()
    assert SweepBeat.objects.get().off_from is None


def test_after_that_people_are_told_singly_again(desk: Live, three: list[Case]) -> None:
    ticks.beat(at=local("09-26 09:00"))
    case = desk.course(("09-26 09:00", "opened"), ("09-26 09:01", "dispatched"))

    for minute in range(0, 400, 5):
        ticks.beat(at=local("09-26 09:05") + minute * MINUTE)

    assert reminded(case) == [local("09-26 15:01")]
    assert Notice.objects.filter(kind="work.digest").count() == 2


def test_a_short_silence_is_no_stand_still(desk: Live, three: list[Case]) -> None:
    for minute in range(0, 70, 10):
        ticks.beat(at=local("09-24 15:00") + minute * MINUTE)

    assert [reminded(case) for case in three] == [[WARNED]] * 3
    assert not Notice.objects.filter(kind="work.digest").exists()


def test_the_digest_waits_until_all_is_caught_up(
    desk: Live, three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "LIMIT", 2)
    back = local("09-26 09:00")

    ticks.beat(at=back)
    assert not Notice.objects.filter(kind="work.digest").exists()
    ticks.beat(at=back + timedelta(seconds=5))

    assert {notice.data["count"] for notice in Notice.objects.filter(kind="work.digest")} == {6, 3}


def test_two_workers_send_one_digest(fresh_database: FreshDatabase) -> None:
    desk = live(CLOCKS)
    for _ in range(4):
        dispatched(desk)
    ticks.beat(at=local("09-24 15:00"))

    at_once(2, lambda _: ticks.beat(at=local("09-26 09:00")))
    ticks.beat(at=local("09-26 09:00"))

    counts = Counter(Notice.objects.filter(kind="work.digest").values_list("person_id", flat=True))
    told_of = sum(notice.data["count"] for notice in Notice.objects.filter(kind="work.digest"))
    assert set(counts) == {desk.agent.pk, desk.head.pk}
    assert told_of == 4 * 3


def test_history_that_is_read_in_is_recorded_and_nobody_is_told(desk: Live) -> None:
    case = dispatched(desk)

    at = local("09-26 09:00")

    assert carry_out(Ref("case", str(case.pk)), at=at, deliver=False, off=(WARNED, at)).steps == 3

    assert steps(case) == [("reply", 0, WARNED), ("reply", 1, DUE), ("reply", 2, AFTER)]
    assert {event.data["delivered"] for event in told(case, "clock.step")} == {False}
    assert not Notice.objects.filter(kind__startswith="work.").exists()
    assert not KeptNotice.objects.exists()
