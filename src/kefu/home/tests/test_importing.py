"""Lists from a sheet: the template reads back, a preview changes nothing, the import happens once."""

from __future__ import annotations

import io
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kefu.core.jobs.models import Job
from kefu.core.jobs.worker import run_due
from kefu.core.sheets import read_rows, write_table
from kefu.customers.models import Customer, Site
from kefu.staff import actions
from kefu.staff.models import Notice, Person
from tests.cast import browse

pytestmark = pytest.mark.db


def desk_of(person):
    return browse(Client(), person)


def page_of(answer):
    return unescape(answer.content.decode())


def sheet(headings, *rows, name="list.xlsx"):
    return SimpleUploadedFile(name, write_table(headings, rows))


def worked():
    """What was begun is carried out, as `kefu work` does."""
    while run_due(at=timezone.now(), worker="me", asked=True):
        pass


def looked_at(desk, path, given):
    """The sheet is brought and looked at; returns the address of the work and its page."""
    address = desk.post(path, given).headers["Location"]
    worked()
    return address, page_of(desk.get(address))


def imported(desk, address):
    """What was looked at is imported; returns the address of that work and its page."""
    following = desk.post(f"{address}go-on/").headers["Location"]
    worked()
    return following, page_of(desk.get(following))


PEOPLE = ("登录名", "姓名", "部门代码", "岗位")
FANG = ["fang", "方圆", "service_centre", "接待人员"]


def test_people_are_looked_at_first_and_then_imported_once(cast):
    desk = desk_of(cast.manager)
    file = sheet(PEOPLE, FANG, ["x", "坏", "nowhere", ""])

    address, preview = looked_at(desk, "/staff/import/", {"file": file})
    assert "可导入 1 行" in preview
    assert "department.unknown" in preview
    assert not Person.objects.filter(login="fang").exists()
    following, done = imported(desk, address)

    assert "已导入 1 行" in done
    assert Person.objects.get(login="fang").holdings.get().post == "agent"
    assert desk.post(f"{address}go-on/").headers["Location"] == following  # pressed twice
    assert Job.objects.exclude(owner="").count() == 2


def test_the_same_sheet_again_is_known(cast):
    desk = desk_of(cast.manager)
    for _ in range(2):
        address, preview = looked_at(desk, "/staff/import/", {"file": sheet(PEOPLE, FANG)})
        imported(desk, address)

    assert "1 行以前已导入" in preview
    assert Person.objects.filter(login="fang").count() == 1


def test_who_began_it_is_told_of_the_end_and_not_of_the_preview(cast):
    desk = desk_of(cast.manager)
    address, _ = looked_at(desk, "/staff/import/", {"file": sheet(PEOPLE, FANG)})
    assert not Notice.objects.exists()

    following, _ = imported(desk, address)

    assert Notice.objects.get().person == cast.manager
    notices = page_of(desk.get("/notices/"))
    assert "导入员工已完成" in notices
    assert f'href="{following}"' in notices


def test_refused_rows_come_back_as_a_sheet_with_the_reason(cast):
    desk = desk_of(cast.manager)
    address, preview = looked_at(
        desk, "/staff/import/", {"file": sheet(PEOPLE, ["x y", "坏", "service_centre", ""])}
    )
    assert f'href="{address}file/"' in preview

    _number, row = next(read_rows(io.BytesIO(desk.get(f"{address}file/").content)))

    assert row["登录名"] == "x y"
    assert "登录名" in row["未导入原因"]
    assert desk_of(cast.supervisor).get(f"{address}file/").status_code == 404


def test_the_rights_count_that_one_has_when_it_is_carried_out(cast):
    desk = desk_of(cast.manager)
    address, _ = looked_at(desk, "/staff/import/", {"file": sheet(PEOPLE, FANG)})
    desk.post(f"{address}go-on/")
    actions.end_post(cast.manager.holdings.get(), by=cast.owner, at=timezone.now())
    worked()

    assert not Person.objects.filter(login="fang").exists()
    assert "staff.not_head" in page_of(desk.get(f"/long-work/{Job.objects.latest('pk').pk}/"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ""),
        (b"\xd0\xcf\x11\xe0old", "sheet.old_format"),
        ("登录名,爱好\na,b\n".encode(), "sheet.unknown_column"),
        ("登录名,姓名\na,b\n".encode(), "sheet.missing_column"),
        (b"PK\x03\x04 not a sheet", "sheet.unreadable"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_at_the_form(cast, content, code):
    answer = desk_of(cast.manager).post("/staff/import/", {"file": SimpleUploadedFile("a.xlsx", content)})

    assert answer.status_code == 422
    assert code in page_of(answer)
    assert not Job.objects.exclude(owner="").exists()


def test_customers_and_rooms_go_into_the_department_chosen_among_ones_own(cast):
    desk, centre = desk_of(cast.agent), cast.service_centre.pk
    rooms = sheet(("小区", "楼栋", "房号"), ["云庭", "1", "101"])
    people = sheet(
        ("客户名称", "电话", "小区", "楼栋", "房号"), ["王小明", "13812345678", "云庭", "1", "101"]
    )

    for path, file in (("/customers/rooms/import/", rooms), ("/customers/import/", people)):
        address, _ = looked_at(desk, path, {"file": file, "department": centre})
        imported(desk, address)

    assert Site.objects.get().department == cast.service_centre
    assert Customer.objects.get().occupancies.get().site == Site.objects.get()
    foreign = desk.post("/customers/import/", {"file": people, "department": cast.sales.pk})
    assert foreign.status_code == 404


@pytest.mark.parametrize("path", ["/staff/import/", "/customers/import/", "/customers/rooms/import/"])
def test_the_template_has_the_columns_that_are_read(cast, path):
    desk = desk_of(cast.owner)
    answer = desk.get(f"{path}template/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    file = SimpleUploadedFile("t.xlsx", answer.content)

    _, looked = looked_at(desk, path, {"file": file, "department": cast.service_centre.pk})

    assert "可导入 0 行" in looked
