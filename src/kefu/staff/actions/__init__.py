"""Everything that changes staff: one verb, one function, one transaction, one event or more."""

from kefu.staff.actions.founding import (
    Founded,
    NewDepartment,
    add_department,
    change_department,
    change_owner,
    found,
)
from kefu.staff.actions.links import change_password, issue_link, use_link
from kefu.staff.actions.notices import mark_read, notify
from kefu.staff.actions.people import (
    add_person,
    change_person,
    end_auditor,
    leave_company,
    mark_away,
    mark_back,
    move_person,
    name_auditor,
)
from kefu.staff.actions.posts import (
    end_post,
    end_stand_in,
    give_post,
    join_team,
    lead_team,
    leave_team,
    make_team,
    set_stand_in,
)
from kefu.staff.actions.signing_in import CodeMissing, end_session, sign_in, sign_in_by_code, sign_out
from kefu.staff.actions.tokens import disable_totp, enable_totp, make_token, revoke_token

__all__ = [
    "CodeMissing",
    "Founded",
    "NewDepartment",
    "add_department",
    "add_person",
    "change_department",
    "change_owner",
    "change_password",
    "change_person",
    "disable_totp",
    "enable_totp",
    "end_auditor",
    "end_post",
    "end_session",
    "end_stand_in",
    "found",
    "give_post",
    "issue_link",
    "join_team",
    "lead_team",
    "leave_company",
    "leave_team",
    "make_team",
    "make_token",
    "mark_away",
    "mark_back",
    "mark_read",
    "move_person",
    "name_auditor",
    "notify",
    "revoke_token",
    "set_stand_in",
    "sign_in",
    "sign_in_by_code",
    "sign_out",
    "use_link",
]
