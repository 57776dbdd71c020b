"""The cast of the tests holds together: who sees, may and leads what by the property pack."""

from __future__ import annotations

import pytest

from kefu.staff import queries
from tests.cast import FOUNDED, Cast

pytestmark = pytest.mark.db


def test_everybody_sees_as_far_as_their_post_says(cast: Cast) -> None:
    widths = {
        name: queries.sees(getattr(cast, name), FOUNDED)
        for name in ("owner", "manager", "agent", "engineering_supervisor", "quality_manager", "auditor")
    }

    assert widths == {
        "owner": "company",
        "manager": "department",
        "agent": "department",
        "engineering_supervisor": "department",
        "quality_manager": "company",
        "auditor": "own",
    }


def test_the_reporting_line_climbs_over_the_departments(cast: Cast) -> None:
    line = queries.reporting_line(cast.worker, FOUNDED)

    assert line == [[cast.engineering_supervisor], [cast.manager], [cast.owner]]


def test_the_stranger_sees_nobody_of_the_service_centre(cast: Cast) -> None:
    seen = queries.staff_visible_to(cast.stranger, FOUNDED)

    assert set(seen) == {cast.stranger}
    # premise: it is not for want of a post or of colleagues elsewhere
    assert set(queries.staff_visible_to(cast.agent, FOUNDED)) >= {cast.agent, cast.manager}
