"""Who may open and do what, stated by hand: 8 people x 4 subjects for every address and method.

A line reads, subject by subject (own, dispatched to engineering, of another department, unknown):
    + allowed        ? unknown, as if it did not exist        - seen, but not allowed        S sent to sign in
The subject of most rows is a case: `own` was registered by the agent in the service centre, `dispatched` is a
complaint of the service centre that engineering handles, `other` belongs to the sales department. Rows about
duties, customers, people and so on say so in `about`; a row about nothing is asked once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PEOPLE = ("visitor", "agent", "supervisor", "manager", "worker", "auditor", "stranger", "owner")
SUBJECTS = ("own", "dispatched", "other", "unknown")

Who = dict[str, str]


def who(
    visitor: str,
    agent: str,
    supervisor: str,
    manager: str,
    worker: str,
    auditor: str,
    stranger: str,
    owner: str,
) -> Who:
    lines = (visitor, agent, supervisor, manager, worker, auditor, stranger, owner)
    return dict(zip(PEOPLE, lines, strict=True))


@dataclass(frozen=True)
class Row:
    """`body`: what is sent; a value that names a subject kind (`{case}`) is filled in for the subject asked about.

    by_subject: a body of its own for a subject, where one body cannot fit all.
    """

    method: str
    url: str
    who: Who
    about: str = ""
    body: dict[str, Any] | None = None
    by_subject: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.url


# --- whom a page is for ---------------------------------------------------------------------------------------
#                visitor  agent   superv. manager worker  auditor stranger owner
ANYBODY = who("++++", "++++", "++++", "++++", "++++", "++++", "++++", "++++")
STAFF = who("SSSS", "++++", "++++", "++++", "++++", "++++", "++++", "++++")
STAFF_NOT_THERE = who("SSSS", "????", "????", "????", "????", "????", "????", "????")
NOBODY = who("????", "????", "????", "????", "????", "????", "????", "????")
AUDIT = who("SSSS", "----", "----", "----", "----", "++++", "----", "++++")
SYSTEM = who("SSSS", "----", "----", "++++", "----", "----", "----", "++++")
SYSTEM_ROW = who("SSSS", "----", "----", "+++?", "----", "----", "----", "+++?")

# --- cases ----------------------------------------------------------------------------------------------------
SEES_CASE = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "+++?")
# own: accept a repair; dispatched: engineering takes a complaint on; other: sales takes an enquiry up
MOVES_CASE = who("SSSS", "+-??", "--??", "--??", "?+??", "????", "??+?", "---?")
TAKES_CASE = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "++-?")
ASSIGNS_CASE = who("SSSS", "--??", "++??", "++??", "?-??", "????", "??-?", "+++?")
VOIDS_CASE = who("SSSS", "++??", "++??", "++??", "?-??", "????", "??+?", "+++?")
FILLS_CASE = who("SSSS", "++??", "--??", "--??", "?+??", "????", "??+?", "---?")
# whoever works on it, and leaders of its department
JOINS_CASE = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "+++?")
# the customer named is of the same subject: of engineering for `dispatched`, which only engineering knows
NAMES_CUSTOMER = who("SSSS", "+???", "-???", "-???", "?+??", "????", "??+?", "---?")
# whoever works on it, and posts that unmask
REVEALS_OF_CASE = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "+++?")

# --- duties: own falls to the agents, dispatched is the worker's, other falls to the agents of sales ------------
SEES_DUTY = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "+++?")
DOES_DUTY = who("SSSS", "+-??", "--??", "--??", "?+??", "????", "??+?", "---?")
TAKES_DUTY = who("SSSS", "++??", "-+??", "-+??", "?+??", "????", "??+?", "-+-?")
# posts of the department that may reassign, and its heads
HANDS_OUT = who("SSSS", "????", "+???", "+???", "????", "????", "????", "+++?")
REVEALS_OF_DUTY = who("SSSS", "++??", "++??", "++??", "?+??", "????", "??+?", "+++?")

# --- documents: drafts of the agent, of the worker, of somebody of sales: each writes only their own ----------------
SEES_DOCUMENT = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+++?")
WRITES_DOCUMENT = who("SSSS", "+???", "-???", "-???", "?+??", "????", "??+?", "---?")
REVEALS_OF_DOCUMENT = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+++?")
SIGNED_DOCUMENT = who(
    "SSSS", "????", "????", "????", "????", "????", "????", "????"
)  # nothing is drawn on them
# beside one's own departments: for that of a case that reached one
FILLS_FOR = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+?+?")
FILLS_FORM = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+???")  # for one's own department
SEES_REGISTER = who("SSSS", "++??", "++??", "++??", "++??", "++??", "??+?", "+++?")
DECIDES_KEEPING = who(
    "SSSS", "????", "????", "++++", "????", "????", "????", "++++"
)  # with `manage_rulebook`
WRITTEN = {"fill.basis": "customer_need", "fill.analysis": "原因", "fill.proposal": "建议"}

# --- approvals: asked for by the agent, by the worker, by somebody of sales; their leaders decide ------------------
SEES_APPROVAL = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+++?")
DECIDES = who("SSSS", "-???", "+???", "-???", "?-??", "????", "??-?", "---?")
PERMIT = {"goods": "投影仪", "goods_kind": "office_goods", "reason": "培训", "return_on": "2027-01-01"}

# --- customers: of the service centre, of engineering, of sales -------------------------------------------------
SEES_CUSTOMER = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+++?")
ALLOCATES = who(
    "SSSS", "????", "++++", "????", "????", "????", "????", "????"
)  # who fills in the form for it
REVEALS = who("SSSS", "+???", "+???", "+???", "?-??", "????", "??+?", "+++?")

# --- people: a colleague, the worker, somebody of sales ---------------------------------------------------------
SEES_PERSON = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+++?")

# --- staff pages: the manager heads the service centre, the owner everything; oneself is worker and stranger -----
HEADS = who("SSSS", "-???", "-???", "+???", "?-??", "????", "??-?", "+++?")
SELF_OR_HEAD = who("SSSS", "-???", "-???", "+???", "?+??", "????", "??+?", "+++?")
OWNER_ONLY = who("SSSS", "-???", "-???", "-???", "?-??", "????", "??-?", "+++?")
# posts of the same department that may reassign, and heads
SETS_CAPACITY = who("SSSS", "-???", "+???", "+???", "?-??", "????", "??-?", "+++?")
SESSION_OF = who("SSSS", "+???", "-???", "+???", "?+??", "????", "??+?", "+++?")
HEAD_OF_SOME = who("SSSS", "----", "----", "++++", "----", "----", "----", "++++")
COMPONENTS = who("SSSS", "????", "????", "????", "????", "????", "????", "++++")
OWNER = who("SSSS", "----", "----", "----", "----", "----", "----", "++++")

# --- rulebooks: in use by one's own department and by others, and one that nobody uses --------------------------
SEES_RULEBOOK = who("SSSS", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?")

# --- sessions and tokens: the agent's, the worker's, the stranger's: each ends only their own ---------------------
OWN_SESSION = who("SSSS", "+???", "????", "????", "?+??", "????", "??+?", "????")

# --- long work that the agent, the worker and the stranger began ---------------------------------------------------
SEES_LONG_WORK = who("SSSS", "+???", "????", "????", "?+??", "????", "??+?", "+++?")

# --- escalations to the supervisor, to engineering's worker, to the stranger: each acknowledges only their own ----
ACKNOWLEDGES = who("SSSS", "????", "+???", "????", "?+??", "????", "??+?", "????")

# --- walls of the service centre, of engineering, of sales: ended by who leads there, seen by who knows the key ----
LEADS = who("SSSS", "????", "+???", "+???", "????", "????", "????", "+++?")
SHOWS_WALL = who("+++?", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?")

# --- the board: the case stands in what is sent, so each person is asked about the agent's own case alone ----------
ASSIGNS_ON_BOARD = who("SSSS", "----", "++++", "++++", "????", "????", "????", "++++")
SEES_OWN_CASE = who("SSSS", "++++", "++++", "++++", "????", "????", "????", "++++")

MOVE_OWN = {"move": "accepted", "values": {"fault": "dripping_tap", "size": "small"}}
API_MOVES = {
    "own": MOVE_OWN,
    "dispatched": {"move": "taken_on"},
    "other": {"move": "taken"},
    "unknown": MOVE_OWN,
}
RATED = dict.fromkeys(("timeliness", "attitude", "quality", "charge", "dress"), "5") | {"defect": "none_left"}
