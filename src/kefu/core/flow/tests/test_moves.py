"""Who may make which move, what it asks for, and what a refusal says."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kefu.core.errors import Refused
from kefu.core.flow import Words, check_move, offers
from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Ref

AT = datetime(2026, 9, 24, 8, tzinfo=UTC)
FILES = {
    "desk/pack.yaml": "name: desk\ntitle: {zh: 客服部, en: desk}\n",
    "desk/rules.yaml": """
posts:
  clerk: {title: {zh: 文员, en: clerk}, reports_to: head}
  head: {title: {zh: 主管, en: head}}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china}
clauses:
  delay: {chapter: {zh: 第三章, en: chapter 3}, statement: {zh: 改期须有理由, en: a new date needs a reason}}
cases:
  repair: {title: {zh: 报修, en: repair}, by: clerk, flow: repair, form: repair}
forms:
  repair:
    title: {zh: 报修单, en: repair slip}
    fields:
      agreed_at: {title: {zh: 约定时间, en: agreed time}, type: instant}
      remark: {title: {zh: 备注, en: remark}, type: text}
      cause: {title: {zh: 原因, en: cause}, type: choice, options: {company: {zh: 公司, en: company},
        customer: {zh: 客户, en: customer}}}
      score: {title: {zh: 评分, en: score}, type: number}
      worker: {title: {zh: 维修工, en: worker}, type: record, of: person}
flows:
  repair:
    states:
      open: {title: {zh: 待修, en: open}}
      away: {title: {zh: 改期, en: put off}}
      done: {title: {zh: 完成, en: done}}
    moves:
      put_off: {title: {zh: 改期, en: put off}, clause: delay, from: [open, away], to: away, by: clerk,
        fill: [agreed_at, remark], needs: [{that: {cause: customer}, clause: delay,
        say: {zh: 公司原因不得改期, en: the company's own delay moves nothing}}]}
      finished: {title: {zh: 完成, en: finish}, from: [open, away], to: done,
        by: [{when: {cause: company}, is: head}, {is: [worker, clerk]}],
        needs: [{that: {count: {of: repair, at_most: 0}}, soft: true, clause: delay,
        say: {zh: 还有未完的报修, en: a repair is left}}]}
      rated: {title: {zh: 评价, en: rate}, from: done, to: done, by: anyone, fill: [score],
        needs: [{that: {score: {at_least: 1}}, clause: delay},
        {when: {cause: company}, that: {remark: any}, clause: delay}]}
""",
}
RULES = load_files("desk", {name: text.encode() for name, text in FILES.items()})
KIND = RULES.kinds["repair"]
WORDS = Words.of(RULES, KIND)


class Office:
    """Li and Hu are clerks, Hu is head too, Wu repairs."""

    def holders(self, post: str) -> tuple[str, ...]:
        return {"clerk": ("li", "hu"), "head": ("hu",)}.get(post, ())

    def posts_held(self, person: str) -> tuple[str, ...]:
        return ()

    def holds(self, person: str, post: str) -> bool:
        return person in self.holders(post)

    def leader_of(self, person: str) -> tuple[str, ...]:
        return ("hu",) if person != "hu" else ()

    def leader_of_unit(self, unit: str) -> tuple[str, ...]:
        return ()

    def team_of(self, person: str) -> tuple[str, ...]:
        return ()

    def line_of(self, person: str, post: str) -> tuple[str, ...]:
        return ()

    def members(self, unit: str) -> tuple[str, ...]:
        return ()

    def everyone(self) -> tuple[str, ...]:
        return ("li", "hu", "wu")

    def on_duty(self, person: str) -> bool:
        return True


FACTS = {"cause": "customer", "worker": Ref("person", "wu")}
GIVEN = {"agreed_at": AT, "remark": "rain"}


def make(name, *, state="open", person="li", facts=FACTS, filled=(), reason="", left=0, proofs=()):
    return check_move(
        KIND.flow,
        name,
        state,
        facts,
        person,
        Office(),
        calendar=RULES.calendar,
        records=lambda count, facts: left,
        filled=dict(filled),
        reason=reason,
        proofs=proofs,
        words=WORDS,
    )


def refused(*args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        make(*args, **kwargs)
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_a_move_that_fulfils_everything_passes_in_the_post_it_names():
    passed = make("put_off", filled=GIVEN)

    assert (passed.move.to, passed.post, passed.excused) == ("away", "clerk", ())


def test_a_person_with_two_posts_acts_in_the_one_the_move_names():
    assert make("put_off", person="hu", filled=GIVEN).post == "clerk"
    assert make("finished", person="hu", facts={"cause": "company"}).post == "head"


def test_a_person_named_by_a_field_acts_without_a_post():
    assert make("finished", person="wu").post == ""


def test_a_move_the_flow_does_not_have():
    refusal = refused("vanished")

    assert refusal.code == "flow.unknown_move"
    assert "改期、完成" in refusal.zh


def test_the_wrong_state_says_which_states_would_do():
    refusal = refused("put_off", state="done", filled=GIVEN)

    assert (refusal.code, refusal.facts["states"]) == ("flow.state", ("open", "away"))
    assert "完成" in refusal.zh
    assert "待修、改期" in refusal.zh


def test_the_wrong_person_is_told_who_could():
    refusal = refused("put_off", person="wu", filled=GIVEN)

    assert (refusal.code, refusal.facts["could"]) == ("flow.post", ("li", "hu"))
    assert refusal.en == "“put off” is for clerk (chapter 3 no. 1)"
    assert "文员" in refusal.zh


def test_the_branch_of_by_is_chosen_by_the_facts():
    assert refused("finished", person="li", facts={"cause": "company"}).facts["could"] == ("hu",)


@pytest.mark.parametrize("missing", ["agreed_at", "remark"])
def test_an_empty_field_is_named_by_its_title(missing):
    for nothing in ({}, {missing: None}, {missing: "  "}):
        given = {key: value for key, value in GIVEN.items() if key != missing} | nothing
        refusal = refused("put_off", filled=given)

        assert (refusal.code, refusal.facts["fields"]) == ("flow.fill", (missing,))
        assert KIND.form.fields[missing].title.zh in refusal.zh


def test_a_field_on_record_need_not_be_given_again():
    assert make("put_off", facts=FACTS | GIVEN).move.name == "put_off"


def test_a_move_made_before_asks_its_fields_anew():
    again = FACTS | GIVEN | {"put_off": AT}

    assert refused("put_off", facts=again, filled={"agreed_at": AT}).facts["fields"] == ("remark",)
    assert make("put_off", facts=again, filled=GIVEN).move.name == "put_off"


def test_a_need_is_judged_with_what_the_move_fills():
    refusal = refused("put_off", filled=GIVEN | {"cause": "company"})

    assert (refusal.code, refusal.facts["why"], refusal.facts["clauses"]) == (
        "flow.need",
        "cause",
        ("delay",),
    )
    assert "公司原因不得改期" in refusal.zh


def test_a_soft_need_passes_with_a_written_reason():
    assert refused("finished", left=1).code == "flow.reason"
    assert refused("finished", left=1, reason="  ").code == "flow.reason"
    passed = make("finished", left=1, reason="the other one waits for a part")
    assert [need.soft for need in passed.excused] == [True]


def test_what_proves_the_work_done_is_asked_by_the_move_that_ends_it():
    proofs = KIND.flow.moves["put_off"].needs

    assert refused("finished", facts={"worker": FACTS["worker"]}, proofs=proofs).code == "flow.need"
    left_over = KIND.flow.moves["finished"].needs
    assert make("put_off", filled=GIVEN, left=1, proofs=left_over).excused == ()


def test_a_need_with_a_condition_is_asked_only_where_it_holds():
    assert make("rated", state="done", filled={"score": Decimal(3)})
    refusal = refused("rated", state="done", facts={"cause": "company"}, filled={"score": Decimal(3)})
    assert (refusal.code, refusal.facts["why"]) == ("flow.need", "remark")


def test_anyone_is_every_member_of_staff_and_nobody_else():
    assert make("rated", state="done", person="wu", filled={"score": Decimal(3)}).post == ""
    assert refused("rated", state="done", person="stranger", filled={"score": Decimal(3)}).code == "flow.post"


def test_what_a_need_asks_of_the_fields_the_move_fills_does_not_hide_the_button():
    assert offered(state="done")["rated"].allowed
    assert refused("rated", state="done", filled={"score": Decimal(0)}).code == "flow.need"


def test_the_rulebook_itself_holds_every_post_but_not_every_need():
    assert make("put_off", person=None, filled=GIVEN).post == ""
    assert refused("put_off", person=None, filled=GIVEN | {"cause": "company"}).code == "flow.need"


def offered(state="open", person="li", facts=FACTS, left=0):
    found = offers(
        KIND.flow,
        state,
        facts,
        person,
        Office(),
        calendar=RULES.calendar,
        records=lambda count, facts: left,
        words=WORDS,
    )
    return {offer.move.name: offer for offer in found}


def test_offers_are_the_moves_of_the_state_in_the_order_of_the_flow():
    assert list(offered()) == ["put_off", "finished"]
    assert list(offered(state="done")) == ["rated"]


def test_an_offer_says_what_it_will_ask_and_is_not_refused_for_it():
    offer = offered()["put_off"]

    assert (offer.allowed, offer.asks) == (True, ("agreed_at", "remark"))


def test_a_move_not_offered_says_every_reason():
    offer = offered(person="wu", facts={"cause": "company"})["put_off"]

    assert not offer.allowed
    assert [refusal.code for refusal in offer.refusals] == ["flow.post", "flow.need"]


def test_a_soft_need_is_offered_with_the_reason_it_will_ask():
    offer = offered(left=1)["finished"]

    assert offer.allowed
    assert [refusal.code for refusal in offer.reasons] == ["flow.reason"]


@pytest.mark.parametrize("person", ["li", "hu", "wu"])
@pytest.mark.parametrize("cause", ["customer", "company"])
@pytest.mark.parametrize("left", [0, 1])
def test_a_page_and_an_action_never_disagree(person, cause, left):
    facts = FACTS | {"cause": cause}

    for name, offer in offered(person=person, facts=facts, left=left).items():
        passes = passes_as(name, person=person, facts=facts, left=left, filled=GIVEN, reason="because")
        assert passes == ("" if offer.allowed else offer.refusals[0].code)


def passes_as(*args, **kwargs) -> str:
    """The code of the refusal, or nothing."""
    try:
        make(*args, **kwargs)
    except Refused as refusal:
        return refusal.code
    return ""
