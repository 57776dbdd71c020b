"""Rows of the capability; what happened to them is in the ledger."""

from kefu.staff.models.notices import Notice
from kefu.staff.models.people import Person, PostHolding, StandIn
from kefu.staff.models.sign_in import ApiToken, OneTimeLink, SignIn, SignInTries
from kefu.staff.models.units import Department, Organisation, Team, TeamMember

__all__ = [
    "ApiToken",
    "Department",
    "Notice",
    "OneTimeLink",
    "Organisation",
    "Person",
    "PostHolding",
    "SignIn",
    "SignInTries",
    "StandIn",
    "Team",
    "TeamMember",
]
