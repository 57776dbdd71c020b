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
SIGNED_DOCUMENT = who(
    "SSSS", "????", "????", "????", "????", "????", "????", "????"
)  # nothing is drawn on them
FILLS_FORM = who("SSSS", "+???", "+???", "+???", "?+??", "????", "??+?", "+???")  # for one's own department
SEES_REGISTER = who("SSSS", "++??", "++??", "++??", "++??", "++??", "??+?", "+++?")
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

API = [
    Row("GET", "api:openapi-json", ANYBODY),
    Row("GET", "api:cases_list", STAFF),
    Row("POST", "api:cases_register", STAFF, body={"kind": "enquiry", "subject": "询问"}),
    Row("GET", "api:cases_case", SEES_CASE, "case"),
    Row("GET", "api:cases_moves", SEES_CASE, "case"),
    Row("POST", "api:cases_move", MOVES_CASE, "case", by_subject=API_MOVES),
    Row("GET", "api:cases_messages", SEES_CASE, "case"),
    Row("POST", "api:cases_say", SEES_CASE, "case", {"body": "已联系"}),
    Row("GET", "api:cases_files", SEES_CASE, "case"),
    Row("POST", "api:cases_attach", SEES_CASE, "case", {"file": b"text"}),
    Row("GET", "api:cases_file", SEES_CASE, "file"),
    Row("GET", "api:cases_clocks", SEES_CASE, "case"),
    Row("POST", "api:cases_take", TAKES_CASE, "case"),
    Row("POST", "api:cases_assign", ASSIGNS_CASE, "case", {"person": "{colleague}"}),
    Row("POST", "api:cases_void", VOIDS_CASE, "case", {"reason": "登记错误"}),
    Row("POST", "api:cases_customer", NAMES_CUSTOMER, "case", {"customer": "{customer}"}),
    Row("POST", "api:cases_link", SEES_CASE, "case", {"other": "{case}", "kind": "same"}),
    Row("POST", "api:cases_reveal", REVEALS_OF_CASE, "case", {"field": "telephone", "reason": "回电"}),
    Row("GET", "api:documents_list", STAFF),
    Row(
        "POST",
        "api:documents_begin",
        STAFF,
        body={"kind": "suggestion", "values": {"basis": "customer_need"}},
    ),
    Row("GET", "api:documents_document", SEES_DOCUMENT, "document"),
    Row("POST", "api:documents_fill", WRITES_DOCUMENT, "document", {"values": {"basis": "customer_need"}}),
    Row("GET", "api:documents_moves", SEES_DOCUMENT, "document"),
    Row("POST", "api:documents_move", WRITES_DOCUMENT, "document", {"move": "filed"}),
    Row("GET", "api:documents_clocks", SEES_DOCUMENT, "document"),
    Row("POST", "api:documents_correct", SEES_DOCUMENT, "document", {"reason": "写错"}),
    Row("GET", "api:documents_paper", SEES_DOCUMENT, "document"),
    Row("GET", "api:approvals_list", STAFF),
    Row("POST", "api:approvals_ask", STAFF, body={"kind": "take_out_permit", "values": PERMIT}),
    Row("GET", "api:approvals_approval", SEES_APPROVAL, "approval"),
    Row("GET", "api:approvals_moves", SEES_APPROVAL, "approval"),
    Row("POST", "api:approvals_move", DECIDES, "approval", {"move": "approved"}),
    Row("GET", "api:approvals_clocks", SEES_APPROVAL, "approval"),
    Row("GET", "api:duties_list", STAFF),
    Row("GET", "api:duties_duty", SEES_DUTY, "duty"),
    Row("GET", "api:duties_moves", SEES_DUTY, "duty"),
    Row("POST", "api:duties_move", DOES_DUTY, "duty", {"move": "done", "values": RATED}),
    Row("GET", "api:duties_clocks", SEES_DUTY, "duty"),
    Row("POST", "api:duties_take", TAKES_DUTY, "duty"),
    Row("POST", "api:duties_reveal", REVEALS_OF_DUTY, "duty", {"field": "telephone", "reason": "回电"}),
    Row("GET", "api:search", STAFF),
    Row("GET", "api:customers_list", STAFF),
    Row("POST", "api:customers_add", STAFF, body={"kind": "natural", "name": "新客户"}),
    Row("GET", "api:customers_customer", SEES_CUSTOMER, "customer"),
    Row("POST", "api:customers_reveal", REVEALS, "customer", {"field": "{contact}", "reason": "回电"}),
    Row("GET", "api:staff_me", STAFF),
    Row("GET", "api:staff_list", STAFF),
    Row("GET", "api:staff_person", SEES_PERSON, "person"),
    Row("GET", "api:staff_departments", STAFF),
    Row("GET", "api:staff_notices", STAFF),
    Row("POST", "api:staff_read_notices", STAFF, body={}),
    Row("GET", "api:records_ledger", AUDIT),
    Row("GET", "api:records_rulebooks", STAFF),
    Row("GET", "api:records_rulebook", SEES_RULEBOOK, "rulebook"),
]

RECORDS = [
    Row("GET", "healthz", ANYBODY),
    Row("GET", "rulebook:own", STAFF),
    Row("GET", "rulebook:posts", SEES_RULEBOOK, "rulebook"),
    Row("GET", "rulebook:kinds", SEES_RULEBOOK, "rulebook"),
    Row("GET", "rulebook:kind", SEES_RULEBOOK, "kind"),
    Row("GET", "rulebook:clauses", SEES_RULEBOOK, "rulebook"),
    Row("GET", "rulebook:versions", SEES_RULEBOOK, "rulebook"),
    Row("GET", "rulebook:changes", SEES_RULEBOOK, "version"),
    Row("GET", "ledger:show", AUDIT),
    Row("GET", "long_work:list", STAFF),
    Row("GET", "long_work:show", SEES_LONG_WORK, "long_work"),
    Row("POST", "long_work:cancel", SEES_LONG_WORK, "long_work"),
    Row("POST", "long_work:go_on", SEES_LONG_WORK, "long_work"),
    Row("GET", "long_work:file", SEES_LONG_WORK, "long_work"),
    Row("GET", "system:state", SYSTEM),
    Row("POST", "system:take_notice", SYSTEM, body={"notice": "元旦", "year": "2031"}),
    Row("POST", "system:retry", SYSTEM_ROW, "effect"),
]

CASES = [
    Row("GET", "cases:list", STAFF),
    Row("POST", "cases:export", STAFF, body={"list": "all", "form": "csv"}),
    Row("GET", "cases:register", STAFF),
    Row("POST", "cases:register", STAFF, body={"kind": "enquiry", "subject": "询问"}),
    Row("GET", "cases:find_customers", STAFF),
    Row("GET", "cases:of_customer", SEES_CUSTOMER, "customer"),
    Row("GET", "cases:show", SEES_CASE, "case"),
    Row(
        "POST",
        "cases:move",
        MOVES_CASE,
        "case",
        by_subject={
            "own": {"move": "accepted", "accepted.fault": "dripping_tap", "accepted.size": "small"},
            "dispatched": {"move": "taken_on"},
            "other": {"move": "taken"},
            "unknown": {"move": "accepted"},
        },
    ),
    Row("GET", "cases:grade", STAFF_NOT_THERE, "case"),  # a fragment of one move, which none of these makes
    Row("POST", "cases:seen", SEES_CASE, "case"),
    Row("GET", "cases:words", SEES_CASE, "case"),
    Row("GET", "cases:recent", STAFF),
    Row("GET", "cases:phrases", STAFF),
    Row("POST", "cases:phrases", STAFF, body={"name": "致歉", "body": "给您添麻烦了", "do": "keep"}),
    Row("POST", "cases:add_message", SEES_CASE, "case", {"body": "已联系"}),
    Row("POST", "cases:take_back", SEES_CASE, "case", {"answer": "1"}),
    Row("POST", "cases:fill", FILLS_CASE, "case", {}),
    Row("POST", "cases:reveal", REVEALS_OF_CASE, "case", {"field": "telephone", "reason": "回电"}),
    Row("POST", "cases:name_customer", FILLS_CASE, "case", {}),
    Row("POST", "cases:take", TAKES_CASE, "case"),
    Row("POST", "cases:assign", ASSIGNS_CASE, "case", {"to": "{colleague}"}),
    Row("POST", "cases:void", VOIDS_CASE, "case", {"reason": "登记错误"}),
    Row("POST", "cases:link", SEES_CASE, "case", {"other": "{case}", "kind": "same"}),
    Row("GET", "cases:download", SEES_CASE, "file"),
    Row("GET", "cases:print", SEES_CASE, "sheet"),
    Row("GET", "documents:list", STAFF),
    Row("GET", "documents:papers", STAFF_NOT_THERE),  # nothing is chosen
    Row("GET", "documents:paper_of", SEES_DUTY, "duty_paper"),
    Row("GET", "documents:new", FILLS_FORM, "form"),
    Row("POST", "documents:new", FILLS_FORM, "form", {"do": "save"} | WRITTEN),
    Row("GET", "documents:new_for", FILLS_FORM, "form_for"),
    Row("POST", "documents:new_for", FILLS_FORM, "form_for", {"do": "save"} | WRITTEN),
    Row("GET", "documents:empty", FILLS_FORM, "form"),
    Row("GET", "documents:import", FILLS_FORM, "form"),
    Row("POST", "documents:import", FILLS_FORM, "form"),
    Row("GET", "documents:template", FILLS_FORM, "form"),
    Row("GET", "documents:show", SEES_DOCUMENT, "document"),
    Row("POST", "documents:write", WRITES_DOCUMENT, "document", {"do": "save"} | WRITTEN),
    Row("POST", "documents:move", WRITES_DOCUMENT, "document", {"move": "filed"}),
    Row("POST", "documents:discard", WRITES_DOCUMENT, "document", {"reason": "写错"}),
    Row("POST", "documents:correct", SEES_DOCUMENT, "document", {"reason": "写错"}),
    Row("GET", "documents:paper", SEES_DOCUMENT, "document"),
    Row("GET", "documents:signature", SIGNED_DOCUMENT, "signature"),
    Row("GET", "documents:file", SIGNED_DOCUMENT, "document_file"),
    Row("GET", "registers:list", STAFF),
    Row("GET", "registers:show", SEES_REGISTER, "register"),
    Row("GET", "registers:paper", SEES_REGISTER, "register"),
    Row("POST", "registers:export", SEES_REGISTER, "register"),
    Row("GET", "approvals:list", STAFF),
    Row("GET", "approvals:ask", STAFF),
    Row("POST", "approvals:ask", STAFF, body={"kind": "take_out_permit"}),
    Row("GET", "approvals:show", SEES_APPROVAL, "approval"),
    Row("GET", "approvals:paper", SEES_APPROVAL, "approval"),
    Row("POST", "approvals:move", DECIDES, "approval", {"move": "approved"}),
    Row("GET", "duties:list", STAFF),
    Row("GET", "duties:month", STAFF),
    Row("GET", "duties:calls", STAFF),
    Row("GET", "duties:day", STAFF),
    Row("POST", "duties:keep_day", STAFF, body={"do": "draft"}),
    Row("GET", "duties:give", STAFF),
    Row("POST", "duties:give", STAFF, body={}),
    Row("GET", "duties:handing", HANDS_OUT, "department"),
    Row("POST", "duties:handing", HANDS_OUT, "department"),
    Row("POST", "duties:try", DOES_DUTY, "duty", {"channel": "telephone", "result": "busy"}),
    Row("GET", "duties:of_case", SEES_CASE, "case"),
    Row("GET", "duties:show", SEES_DUTY, "duty"),
    Row(
        "POST",
        "duties:move",
        DOES_DUTY,
        "duty",
        {"move": "done"} | {f"done.{name}": value for name, value in RATED.items()},
    ),
    Row("POST", "duties:reveal", REVEALS_OF_DUTY, "duty", {"field": "telephone", "reason": "回电"}),
    Row("POST", "duties:take", TAKES_DUTY, "duty"),
    Row("GET", "live:events", STAFF),
    Row("GET", "live:poll", STAFF),
    Row("POST", "live:writing", STAFF, body={"screen": "a"}),
    Row("POST", "documents:save_draft", STAFF, body={"place": "/cases/", "forms": "{}"}),
    Row("GET", "home:my_day", STAFF),
    Row("GET", "home:search", STAFF),
    Row("GET", "home:notices", STAFF),
    Row("POST", "home:read_notices", STAFF, body={}),
    Row("POST", "home:acknowledge", ACKNOWLEDGES, "escalation"),
    Row("GET", "home:walls", STAFF),
    Row("POST", "home:walls", STAFF, body={}),
    Row("POST", "home:revoke_wall", LEADS, "wall"),
    Row("GET", "home:wall", SHOWS_WALL, "wall_key"),
]

ACCOUNT = [
    Row("GET", "web:components", COMPONENTS),
    Row("POST", "web:theme", ANYBODY, body={"theme": "dark"}),
    Row("GET", "account:found", NOBODY),  # once founded, the first page is gone
    Row("POST", "account:found", NOBODY, body={}),
    Row("GET", "account:sign_in", ANYBODY),
    Row("POST", "account:sign_in", ANYBODY, body={}),
    Row("GET", "account:use_link", ANYBODY, "link"),  # says that the link holds no more
    Row("POST", "account:use_link", ANYBODY, "link", {}),
    Row("GET", "account:show", STAFF),
    Row("POST", "account:show", STAFF, body={}),
    Row("POST", "account:choose_language", ANYBODY, body={"language": "en"}),
    Row("POST", "account:say_away", STAFF),
    Row("POST", "account:say_back", STAFF),
    Row("GET", "account:change_password", STAFF),
    Row("POST", "account:change_password", STAFF, body={}),
    Row("GET", "account:second_factor", STAFF),
    Row("POST", "account:enable_totp", STAFF, body={}),
    Row("POST", "account:disable_totp", STAFF, body={}),
    Row("GET", "account:sessions", STAFF),
    Row("POST", "account:end_session", OWN_SESSION, "session"),
    Row("GET", "account:tokens", STAFF),
    Row("POST", "account:tokens", STAFF, body={}),
    Row("POST", "account:revoke_token", OWN_SESSION, "token"),
    Row("POST", "account:sign_out", STAFF),  # the last one: it takes the cookie away
]

STAFF_PAGES = [
    Row("GET", "staff:list", STAFF),
    Row("GET", "staff:add", HEAD_OF_SOME),
    Row("POST", "staff:add", HEAD_OF_SOME, body={}),
    Row("GET", "staff:import", HEAD_OF_SOME),
    Row("POST", "staff:import", HEAD_OF_SOME, body={}),
    Row("GET", "staff:import_template", STAFF),  # an empty sheet
    Row("GET", "staff:departments", STAFF),
    Row("GET", "staff:add_department", OWNER),
    Row("POST", "staff:add_department", OWNER, body={}),
    Row("GET", "staff:change_department", OWNER_ONLY, "department"),
    Row("POST", "staff:change_department", OWNER_ONLY, "department", {}),
    Row("POST", "staff:make_team", HEADS, "department", {}),
    Row("POST", "staff:lead_team", HEADS, "team", {}),
    Row("POST", "staff:end_post", HEADS, "holding"),
    Row("POST", "staff:leave_team", HEADS, "membership"),
    Row("POST", "staff:end_stand_in", SELF_OR_HEAD, "stand_in"),
    Row("POST", "staff:end_session", SESSION_OF, "session"),
    Row("GET", "staff:show", SEES_PERSON, "person"),
    Row("GET", "staff:change", SELF_OR_HEAD, "person"),
    Row("POST", "staff:change", SELF_OR_HEAD, "person", {}),
    Row("GET", "staff:leave", HEADS, "person"),
    Row("POST", "staff:leave", HEADS, "person"),
    Row("POST", "staff:mark_away", SELF_OR_HEAD, "person"),
    Row("POST", "staff:mark_back", SELF_OR_HEAD, "person"),
    Row("POST", "staff:give_post", HEADS, "person", {}),
    Row("POST", "staff:join_team", HEADS, "person", {}),
    Row("POST", "staff:set_stand_in", SELF_OR_HEAD, "person", {}),
    Row("POST", "staff:move", HEADS, "person", {}),
    Row("POST", "staff:issue_link", HEADS, "person"),
    Row("POST", "staff:disable_totp", SELF_OR_HEAD, "person", {}),
    Row("POST", "staff:name_auditor", OWNER_ONLY, "person"),
    Row("POST", "staff:end_auditor", OWNER_ONLY, "person"),
    Row("POST", "staff:hand_over", OWNER_ONLY, "person"),
]

CUSTOMERS = [
    Row("GET", "customers:list", STAFF),
    Row("GET", "customers:add", STAFF),
    Row("POST", "customers:add", STAFF, body={}),
    Row("GET", "customers:import", STAFF),
    Row("POST", "customers:import", STAFF, body={}),
    Row("GET", "customers:import_template", STAFF),
    Row("GET", "customers:import_rooms", STAFF),
    Row("POST", "customers:import_rooms", STAFF, body={}),
    Row("GET", "customers:rooms_template", STAFF),
    Row("GET", "customers:show", SEES_CUSTOMER, "customer"),
    Row("GET", "customers:change", SEES_CUSTOMER, "customer"),
    Row("POST", "customers:change", SEES_CUSTOMER, "customer", {"name": "王大明"}),
    Row("GET", "customers:dealings", SEES_CUSTOMER, "customer"),
    Row("GET", "customers:end", SEES_CUSTOMER, "customer"),
    Row("POST", "customers:end", SEES_CUSTOMER, "customer", {"back": "1"}),
    Row("GET", "customers:allocate", ALLOCATES),
    Row("POST", "customers:allocate", ALLOCATES, body={}),
    Row("GET", "customers:merge", SEES_CUSTOMER, "customer"),
    Row("POST", "customers:merge", SEES_CUSTOMER, "customer", {"into": "{customer}"}),
    Row("POST", "customers:reveal", REVEALS, "customer", {"field": "{contact}", "reason": "回电"}),
    Row(
        "POST", "customers:add_contact", SEES_CUSTOMER, "customer", {"kind": "mail", "value": "a@example.com"}
    ),
    Row("POST", "customers:remove_contact", SEES_CUSTOMER, "contact"),
    Row("POST", "customers:move_in", SEES_CUSTOMER, "customer", {"community": "云庭", "role": "owner"}),
    Row("POST", "customers:move_out", SEES_CUSTOMER, "occupancy"),
]

# --- the customer's side: whoever works here has no more rights there than a visitor ------------------------------
OFFERED = who("+++?", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?", "+++?")

PORTAL = [
    Row("GET", "portal:home", ANYBODY),
    Row("GET", "portal:new", OFFERED, "offered"),
    Row("POST", "portal:new", OFFERED, "offered", {}),
    Row("GET", "portal:done", ANYBODY, "link"),  # says that the link holds no more
    Row("GET", "portal:open", ANYBODY, "link"),
    Row("GET", "portal:look_up", ANYBODY),
    Row("POST", "portal:look_up", ANYBODY, body={"number": "{case}", "phone": "0000"}),
    Row("GET", "portal:sign_in", ANYBODY),
    Row("POST", "portal:sign_in", ANYBODY, body={}),
    Row("GET", "portal:enter_code", ANYBODY),
    Row("POST", "portal:enter_code", ANYBODY, body={"code": "000000"}),
    Row("POST", "portal:sign_out", ANYBODY),
    Row("GET", "portal:requests", ANYBODY),  # to sign in there
    Row("GET", "portal:request", NOBODY, "case"),
    Row("GET", "portal:news", NOBODY, "case"),
    Row("POST", "portal:reply", NOBODY, "case", {"body": "有人吗"}),
    Row("POST", "portal:move", NOBODY, "case", {"move": "confirmed"}),
    Row("POST", "portal:urge", NOBODY, "case", {}),
    Row("POST", "portal:rate", NOBODY, "case", {"marks": "5"}),
    Row("GET", "portal:download", NOBODY, "file"),
    Row("GET", "portal:embed_script", ANYBODY),
    Row("GET", "portal:embed", OFFERED, "offered_kind"),
    Row("POST", "portal:embed", OFFERED, "offered_kind", {}),
    Row("GET", "portal:embed_done", ANYBODY, "link"),
]

WAY = {"way": "in_turn"}
FEEDBACK = {"reason": "请反馈", "feedback_by": "2099-01-01T10:00:00+08:00"}
PART = {"messages": [1], "kind": "repair", "subject": "另一件"}

BOARD = [
    Row("GET", "home:board", STAFF),
    Row("POST", "home:board_assign", ASSIGNS_ON_BOARD, body={"case": "{case}", "to": "liu"}),
    Row("POST", "home:board_nudge", SEES_OWN_CASE, body={"case": "{case}", "reason": "客户又来电"}),
    Row("POST", "home:board_supervise", ASSIGNS_ON_BOARD, body={"case": "{case}", **FEEDBACK}),
]

DESK = [
    Row("POST", "api:cases_next", STAFF),
    Row("POST", "api:cases_give_out", ASSIGNS_CASE, "case", WAY),
    Row("POST", "api:cases_merge", JOINS_CASE, "case", {"into": "{case}"}),
    Row("POST", "api:cases_split", JOINS_CASE, "case", PART),
    Row("POST", "api:cases_repeats", JOINS_CASE, "case", {"earlier": "{case}"}),
    Row("GET", "api:cases_similar", SEES_CASE, "case"),
    Row("POST", "api:cases_watch", SEES_CASE, "case", {"on": True}),
    Row("POST", "api:cases_pin", SEES_CASE, "case", {"on": True}),
    Row("POST", "api:cases_remind", SEES_CASE, "case", {"due_at": FEEDBACK["feedback_by"]}),
    Row("GET", "api:cases_urges", SEES_CASE, "case"),
    Row("POST", "api:cases_nudge", SEES_CASE, "case", {"reason": "客户又来电"}),
    Row("POST", "api:cases_supervise", ASSIGNS_CASE, "case", FEEDBACK),
    Row("POST", "api:cases_answer", ASSIGNS_CASE, "urge", {"words": "已安排"}),
    Row("POST", "api:people_capacity", SETS_CAPACITY, "person", {"kinds": [], "most": 5}),
    Row("GET", "api:views_list", STAFF),
    Row("POST", "api:views_save", STAFF, body={"name": "我的", "query": "list=mine"}),
    Row("POST", "api:views_delete", OWN_SESSION, "view"),
    Row("POST", "api:bulk_prepare", STAFF, body={"verb": "take", "cases": []}),
    Row("GET", "api:bulk_run", OWN_SESSION, "bulk"),
    Row("POST", "api:bulk_start", OWN_SESSION, "bulk"),
    Row("POST", "cases:next", STAFF),
    Row("GET", "cases:alike", STAFF),
    Row("GET", "cases:views", STAFF),
    Row("POST", "cases:views", STAFF, body={"do": "save", "name": "我的", "query": "list=mine"}),
    Row("GET", "cases:capacities", STAFF),
    Row("POST", "cases:set_capacity", SETS_CAPACITY, "person", {"most": "5"}),
    Row("POST", "cases:bulk_choose", STAFF, body={"list": "mine", "all": "1"}),
    Row("GET", "cases:bulk", OWN_SESSION, "bulk"),
    Row("POST", "cases:bulk_start", OWN_SESSION, "bulk"),
    Row("GET", "cases:beside", SEES_CASE, "case"),
    Row("POST", "cases:give_out", ASSIGNS_CASE, "case", WAY),
    Row("POST", "cases:merge", JOINS_CASE, "case", {"other": "{case}"}),
    Row("POST", "cases:again", JOINS_CASE, "case", {"other": "{case}"}),
    Row("POST", "cases:split", JOINS_CASE, "case", {"message": "1", "kind": "repair", "subject": "另一件"}),
    Row("POST", "cases:watch", SEES_CASE, "case", {"on": "1"}),
    Row("POST", "cases:pin", SEES_CASE, "case", {"on": "1"}),
    Row("POST", "cases:remind", SEES_CASE, "case", {"due_at": "2099-01-01T10:00"}),
    Row("POST", "cases:forget", SEES_CASE, "case", {"reminder": "1"}),
    Row("POST", "cases:nudge", SEES_CASE, "case", {"reason": "客户又来电"}),
    Row(
        "POST",
        "cases:supervise",
        ASSIGNS_CASE,
        "case",
        {"reason": "请反馈", "feedback_by": "2099-01-01T10:00"},
    ),
    Row("POST", "cases:answer", ASSIGNS_CASE, "case", {"urge": "{urge}", "words": "已安排"}),
]

TABLE = [*API, *RECORDS, *CASES, *ACCOUNT, *STAFF_PAGES, *CUSTOMERS, *PORTAL, *BOARD, *DESK]
