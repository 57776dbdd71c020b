"""The closed vocabulary: every key a rulebook may use and every value with a name of its own.

`KEYS` says which keys stand at which place, with one line each; the readers refuse every other key and
`docs/rulebook/reference.md` is printed from here. A new word needs a rule of a shipped pack that uses it.
"""

from __future__ import annotations

from typing import Final

COMMON: Final = {
    "title": "`{zh, en}`: what people read; only flows and reactions may go without.",
    "clause": "id or list of ids of the chapter `clauses`: where the manual says it.",
    "note": "free text printed beside the rule.",
    "when": "matcher; the rule applies only where it holds (default: always).",
    "examples": "list of worked cases of this rule.",
}

KIND: Final = {
    "number": "pattern of the number given to each piece of work, `TS{yyyymmdd}-{seq:4}`.",
    "form": "name of a form (default: the form of the kind's own name, else no fields).",
    "flow": "name of a flow (default: the flow of the kind's own name; a duty: open -> done by the owner; an "
    "approval: asked -> approved, refused, withdrawn, returned -> resubmitted; a form: draft -> filed by the author).",
    "grades": "name of the grades that weigh this work.",
    "clocks": "`{name: clock}`: the promises that run on it.",
    "by": "who⑂ may open it; of a duty: who it falls to.",
}
COPIES: Final = {"copies": "`{who: number}`: who gets the finished paper, and how many printed."}
TO_CUSTOMER: Final = {"to_customer": "`{zh, en}`: what the customer reads for it."}

KEYS: Final[dict[str, dict[str, str]]] = {
    "pack": {
        "name": "the pack's name, equal to its folder.",
        "title": "`{zh, en}`: the department's manual as people call it.",
        "extends": "name of the one pack that this one is laid over; that one extends nothing.",
        "protected": "list of dotted paths (`cases.complaint.clocks`) that an extending pack must not touch.",
        "in_force": "`YYYY-MM-DD`: the first day of effect (default: the day given when it is published).",
    },
    "chapters": {
        "posts": "`{name: post}`: posts and reporting lines.",
        "calendar": "`{name: calendar}`: zone, hours and holidays; the first one is the department's own.",
        "cases": "`{name: kind}`: work because a customer asks.",
        "duties": "`{name: duty}`: work because the rulebook asks.",
        "approvals": "`{name: approval}`: what others have to agree to.",
        "flows": "`{name: flow}`: states and the moves between them.",
        "forms": "`{name: form}`: what is written down; with `by` a document, a kind of its own.",
        "registers": "`{name: register}`: lists of what there is, nothing typed again.",
        "grades": "`{name: grades}`: how heavy a piece of work is.",
        "reactions": "`{name: reaction}`: what follows an event, after it is on record.",
        "clauses": "`{id: clause}`: the manual's passages that the rules cite.",
    },
    "post": COMMON
    | {
        "code": "short code of the post.",
        "headcount": "whole number of people planned.",
        "reports_to": "post one level up.",
        "stands_in": "list of posts whose holders answer while this one is away.",
        "leads": "unit that the post leads.",
        "sees": "scope: own (default), team, department or company.",
        "may": "list of rights.",
        "profile": "free text: qualification, duties. Never evaluated.",
        "needs": "list of needs before anyone is assigned.",
    },
    "calendar": {
        "zone": "IANA zone, `Asia/Shanghai`.",
        "hours": "`{name: weekly hours}`, `mon-fri 08:30-12:00 13:30-18:00`; the first is the working time.",
        "holidays": "`china` (statutory holidays and make-up working days) or `none`.",
        "named_days": "`{name: YYYY-MM-DD}`: days that rules name.",
        "overrides": "`{YYYY-MM-DD: closed | intervals}`: a day that differs from its week.",
        "working_day": "working hours that count as one working day, `8 hours`.",
        "at_once": "duration that `at_once` stands for.",
        "holiday": "holiday rule of dates that fall on a day off (default `forward`).",
    },
    "case": COMMON | KIND | TO_CUSTOMER,
    "duty": COMMON
    | KIND
    | COPIES
    | {
        "starts": "event or list of events, `repair.finished`, that open it.",
        "every": "recurrence, `week on friday at 18:00`: one in every period.",
        "each": "one for each record, `{of, where}`, which is the field `each`; `by: each` gives it to that person.",
        "plan": "list of stages: a series that counts from the event of `starts`.",
        "attempts": "tries to reach somebody before it may end by the move `not_reached`.",
        "due": "duration or instant⑂: makes a clock named `due` from `opened` to the last move (default: with `every` "
        "the end of its day or period, with `plan` that of its interval).",
        "steps": "steps of the clock `due`.",
        "holiday": "holiday rule of the clock `due`; of `every` and `plan` by default the calendar's.",
        "needs": "list of needs: what proves it done. The moves `withdrawn`, `refused`, `not_reached` end it without.",
    },
    "each": {
        "of": "`person`, `unit`, `customer` or a kind (its open work).",
        "where": "matcher on the record.",
    },
    "stage": {
        "every": "duration in days or months, or a period: `7 days`, `month`, `quarter`.",
        "times": "whole number (default, in the last stage: as long as `each` still matches).",
    },
    "attempts": {
        "at_most": "whole number of tries.",
        "spacing": "duration between two tries.",
        "inside": "named hours in which to try.",
    },
    "approval": COMMON
    | KIND
    | COPIES
    | {
        "chain": "list of who⑂ that agree one after another; an inner list: all of them, in any order.",
        "needs": "list of needs, asked when it is asked for and again at the last signature.",
    },
    "clock": COMMON
    | {
        "starts": "instant: usually a move, `dispatched`, or `opened`.",
        "stops": "move or list of moves that keep the promise.",
        "due": "duration or instant⑂.",
        "pauses": "state or list of states in which the time does not run.",
        "restarts": "`{move: instant field}`: a fresh promise from there; the move also fills a reason.",
        "holiday": "holiday rule of the due instant (default `keep`).",
        "steps": "list of steps (default: notify the owner at 75%, escalate to the owner's leader at due).",
        "to_customer": "`{zh, en}`: what the customer is promised, “repair it”; without it the promise is not shown.",
    },
    "step": {
        "at": "`75%` of the clock's own amount, `due`, or `duration before|after due`.",
        "do": "list of effects.",
    },
    "flow": COMMON
    | {
        "states": "`{name: {title}}`, the first is where work starts.",
        "moves": "`{name: move}`.",
        "moves_to": "`{old state: state}`: where work in a state that this version drops belongs in its flow. Open "
        "work keeps the flow it was opened under until it closes; saying this lets the version be published.",
    },
    "state": {
        "title": COMMON["title"],
        "note": COMMON["note"],
        "over": "`true`: the work is finished in it although a move may take it up again.",
        "rating": "`true`: the customer may rate the work in it.",
    }
    | TO_CUSTOMER,
    "move": COMMON
    | {
        "from": "state or list of states.",
        "to": "state.",
        "by": "who⑂ may make it.",
        "fill": "list of fields that must be filled in with it.",
        "needs": "list of needs.",
        "then": "list of effects in the same transaction.",
    }
    | TO_CUSTOMER,
    "need": {
        "that": "matcher that must hold.",
        "soft": "`true`: may be passed with a written reason (default `false`).",
        "say": "`{zh, en}`: the refusal in words.",
        "clause": COMMON["clause"],
        "when": COMMON["when"],
        "note": COMMON["note"],
    },
    "form": COMMON
    | {key: text for key, text in KIND.items() if key not in ("form", "grades")}
    | COPIES
    | {
        "by": "who⑂ fills it in; makes it a kind of its own, a document.",
        "fields": "`{name: field}`.",
        "layout": "how it lies on A4 (default: two short fields side by side, long ones over the width).",
        "keep": "how long it is kept: `36 months`, or `forever`.",
        "needs": "list of needs of the move that ends it.",
    },
    "layout": {
        "page": "`portrait` (default) or `landscape`.",
        "rows": "list of lists of fields, side by side; a field not named follows below.",
    },
    "field": COMMON
    | {
        "type": "field type.",
        "options": "of a choice: `{word: {zh, en}}`.",
        "of": "of a record: `person`, `unit`, `customer` or a kind.",
        "required": "`true`: must be filled when the form is filed, of a duty when it is done (default `false`).",
        "many": "`true`: holds several (default `false`).",
        "unit": "unit printed behind a number.",
        "points": "most points of a rating.",
        "fields": "of rows: `{name: field}`.",
        "privacy": "privacy class of personal data: `personal`, or `phone`, `id_number`, which are shown masked.",
        "to_customer": "`{zh, en}`: how the customer is asked for it; without it the customer is asked only by a move.",
        "prefill": "path of the value that a new document starts with: `author`, `opened`, `each`, `origin.FIELD`, "
        "`customer.phone`, `period.before`; `registers.NAME` of the form's span, or of what was opened for its origin: "
        "a number how many there are, rows and text what it lists, `registers.NAME.VALUE` only groups of that value.",
        "computed": "`{word: [path]}`: follows from other fields; `rows.column` is a column of rows.",
    },
    "register": COMMON
    | {
        "of": "kind or list of kinds, or `customer`, `person`.",
        "where": "matcher on each record.",
        "columns": "list of fields to show.",
        "order": "list of fields to sort by; `-field` the other way round.",
        "group": "list of fields: a table of counts and shares instead of a list.",
        "sum": "list of number fields to add up.",
    },
    "grades": COMMON
    | {
        "of": "kind that is graded.",
        "levels": "`{name: level}`, heaviest first.",
        "by": "who confirms.",
    },
    "level": {key: COMMON[key] for key in ("title", "clause", "note", "when")},
    "reaction": COMMON
    | {
        "after": "event `kind.move`, `kind.opened` or `kind.set`.",
        "do": "list of effects.",
    },
    "clause": {
        "chapter": "`{zh, en}`: chapter of the manual.",
        "statement": "`{zh, en}`: the passage in our own words.",
        "reading": "`{zh, en}`: the reading taken where the manual is silent or ambiguous.",
        "requirement": "list of ids of the requirement catalogue that it answers.",
        "code": "list of `package.module:function` that carry it besides rules.",
        "tests": "list of test ids that name it.",
    },
    "branch": {
        "when": "matcher; the first branch that holds wins, the last one has none.",
        "is": "the value.",
    },
    "effect": {
        "open": "kind: open a piece of work; with `for` and `with`.",
        "for": "who it is opened for (default: the kind's `by`).",
        "with": "`{field: value}` of the new work; a value may be a field of this work.",
        "set": "`{field: value}`: set fields, a regrade is this. `{customer.grade: value}` sets a fact of the customer "
        "that the field `customer` names (grade, region, credit, credit_limit, standing, specialist, cancelled); the "
        "value may be a field of this work.",
        "assign": "who becomes the owner: of several the first who is on duty.",
        "way": "of a case given to one of several: which of those on duty, skilled and not full gets it; else nobody.",
        "escalate": "who becomes answerable beside the owner and must acknowledge.",
        "notify": "who is told.",
        "move": "name of a move to make.",
    },
    "count": {
        "of": "kind of the work that is counted, among what this work opened.",
        "where": "matcher on each record.",
        "same": "list of fields: count distinct values of them.",
        "during": "period: count instead all that the department did in it; a duty that comes round asks of its own.",
        "among": "matcher: what a share is a share of (default: all of the kind).",
        "at_least": "number, share of all (`80%`), or `to_be_set`.",
        "at_most": "number, share of all, or `to_be_set`.",
        "target": "number to strive for; alone it reminds and refuses nothing.",
    },
    "example": {
        "name": "what the case shows.",
        "given": "`{field: value}` of the subject.",
        "records": "list of `{of, n, field: value}`: n equal records.",
        "events": "`{move: local time}` in order, or a list of such mappings where a move comes twice.",
        "at": "local time of asking (default: the last event).",
        "expect": "what must come out; what is not named is not looked at.",
    },
}

EXPECT: Final = ("due", "state", "result", "level", "opens", "assigned", "chain", "value", "days")
SPECIAL: Final = {
    "any": "filled.",
    "none": "empty; as a rule `{is: none, note: …}` it removes the parent's rule.",
    "to_be_set": "the manual gives no number: loads, is listed, runs no clock, and a bound of it holds.",
}
OPERATORS: Final = {
    "is": "a value, or one of a list; on a field that holds a person the values are who-expressions.",
    "any": "filled.",
    "none": "empty.",
    "not": "turns any other around; `not: {at_most: x}` is more than x.",
    "at_least": "inclusive (以上); of a list its length.",
    "at_most": "inclusive (以内); of a list its length.",
    "same_as": "equal to another field; inside `where` equal to a field of the asking work.",
    "inside": "an instant lies in the named hours of the calendar.",
    "count": "how many records there are.",
}
PERIODS: Final = ("day", "working day", "week", "month", "quarter", "half year", "year")
HOLIDAY_RULES: Final = {
    "keep": "stays on the day off.",
    "forward": "moves to the next working day.",
    "back": "moves to the working day before.",
}
WHO: Final = {
    "POST": "all holders of a post.",
    "FIELD": "a field that holds a person, or a unit (its members): `owner`, `department`, `worker`.",
    "leader of WHO": "the next level up the line; of a unit: its leader.",
    "team of WHO": "the direct reports.",
    "line of WHO to POST": "each level up to that post.",
    "on duty POST": "holders of the post who are on duty.",
    "anyone": "every member of staff.",
    "customer": "the customer whose case it is; only in `by` of cases and their moves.",
}
SCOPES: Final = ("own", "team", "department", "company")
RIGHTS: Final = ("roster", "reassign", "export", "unmask", "publish", "manage_rulebook")
EFFECTS: Final = ("open", "set", "assign", "escalate", "notify", "move")
WAYS: Final = {
    "in_turn": "who has waited longest since they were last given one.",
    "least_loaded": "who has the fewest open cases in hand.",
    "first_contact": "who dealt with the customer last (首问负责), else the least loaded.",
}
FIELD_TYPES: Final = (
    "text",
    "number",
    "choice",
    "day",
    "instant",
    "span",
    "record",
    "file",
    "signature",
    "rows",
)
COMPUTED: Final = {
    "sum": "all added up.",
    "difference": "the first less the others.",
    "product": "all multiplied.",
    "count": "how many are filled; of rows how many rows.",
    "average": "the mean of what is filled.",
    "share": "the first of the second, in percent.",
}
PAGES: Final = ("portrait", "landscape")
PRIVACY: Final = ("personal", "phone", "id_number")
# Fields that work has without a form: name -> (type, of).
WORK_FIELDS: Final[dict[str, tuple[str, str]]] = {
    "owner": ("record", "person"),
    "author": ("record", "person"),
    "department": ("record", "unit"),
    "origin": ("record", ""),  # the work that this one was opened for
    "state": ("choice", ""),
    "kind": ("text", ""),
    "number": ("text", ""),
    "opened": ("instant", ""),
}
# Fields of work that comes round, of a series, of attempts and of a chain: name -> (type, of).
PERIOD_FIELDS: Final[dict[str, tuple[str, str]]] = {"period": ("text", "")}  # its label, 2026-W39
PLAN_FIELDS: Final[dict[str, tuple[str, str]]] = {"planned": ("instant", ""), "item": ("number", "")}
TRIES_FIELDS: Final[dict[str, tuple[str, str]]] = {"tries": ("number", "")}
CHAIN_FIELDS: Final[dict[str, tuple[str, str]]] = {"links": ("record", "person")}  # whose turn it is to sign
# What `each … where`, a register and `prefill` may ask of records that no pack declares: name -> (type, of).
RECORD_FIELDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "person": {"name": ("text", ""), "post": ("choice", ""), "department": ("record", "unit")},
    "unit": {"name": ("text", ""), "parent": ("record", "unit")},
    "customer": {
        "name": ("text", ""),
        "number": ("text", ""),
        "kind": ("choice", ""),
        "grade": ("choice", ""),
        "region": ("text", ""),
        "credit": ("choice", ""),
        "credit_limit": ("number", ""),
        "standing": ("choice", ""),
        "specialist": ("record", "person"),
        "open_items": ("number", ""),
        "phone": ("text", ""),
        "department": ("record", "unit"),
    },
}
# What rules may set of a record that no pack declares: type, and the values that it takes where they are finite.
SETTABLE: Final[dict[str, dict[str, tuple[str, tuple[str, ...]]]]] = {
    "customer": {
        "grade": ("text", ()),
        "region": ("text", ()),
        "credit": ("text", ()),
        "credit_limit": ("number", ()),
        "standing": ("choice", ("ordinary", "excellent", "dangerous")),
        "specialist": ("record", ()),
        "cancelled": ("choice", ("yes", "no")),
    },
}
# What an example says of the people in it and not of its subject.
EXAMPLE_PEOPLE: Final = ("by", "away")
# Records that no pack declares, and the two ends of a span: the only second steps of a path.
BUILT_IN_RECORDS: Final = ("person", "unit", "customer")
SPAN_ENDS: Final = ("starts", "ends")
