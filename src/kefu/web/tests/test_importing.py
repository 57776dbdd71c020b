"""Lists from a sheet: the template reads back, a preview changes nothing, the import happens once."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kefu.core.sheets import read_rows, write_table
from kefu.customers.models import Customer, Site
from kefu.staff.models import Person
from tests.cast import browse

pytestmark = pytest.mark.db


def desk_of(person):
    return browse(Client(), person)


def page_of(answer):
    return unescape(answer.content.decode())


def sheet(headings, *rows, name="list.xlsx"):
    return SimpleUploadedFile(name, write_table(headings, rows))


def key_in(page):
    found = re.search(r'name="sheet" value="([^"]+)"', page)
    assert found, "the page offers no import"
    return found[1]


PEOPLE = ("登录名", "姓名", "部门代码", "岗位")


def test_people_are_looked_at_first_and_then_imported_once(cast):
    desk = desk_of(cast.manager)
    file = sheet(PEOPLE, ["fang", "方圆", "service_centre", "接待人员"], ["x", "坏", "nowhere", ""])

    preview = page_of(desk.post("/staff/import/", {"file": file}))
    assert "可导入 1 行" in preview
    assert "department.unknown" in preview
    assert not Person.objects.filter(login="fang").exists()
    done = page_of(desk.post("/staff/import/carry/", {"sheet": key_in(preview)}))

    assert "已导入 1 行" in done
    assert Person.objects.get(login="fang").holdings.get().post == "agent"
    assert "sheet.gone" in page_of(desk.post("/staff/import/carry/", {"sheet": key_in(preview)}))


def test_refused_rows_come_back_as_a_sheet_with_the_reason_for_their_uploader_alone(cast):
    desk = desk_of(cast.manager)
    preview = page_of(
        desk.post("/staff/import/", {"file": sheet(PEOPLE, ["x y", "坏", "service_centre", ""])})
    )
    address = re.search(r'href="(/refused-rows/[^"]+)"', preview)
    assert address

    _number, row = next(read_rows(io.BytesIO(desk.get(address[1]).content)))

    assert row["登录名"] == "x y"
    assert "登录名" in row["未导入原因"]
    assert desk_of(cast.supervisor).get(address[1]).status_code == 404
    assert desk.get(f"{address[1][:-3]}xx/").status_code == 404


def test_a_sheet_waits_for_its_uploader_alone(cast):
    preview = page_of(
        desk_of(cast.manager).post(
            "/staff/import/", {"file": sheet(PEOPLE, ["fang", "方圆", "service_centre", ""])}
        )
    )

    stolen = desk_of(cast.owner).post("/staff/import/carry/", {"sheet": key_in(preview)})

    assert "sheet.gone" in page_of(stolen)
    assert not Person.objects.filter(login="fang").exists()


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


def test_customers_and_rooms_go_into_the_department_chosen_among_ones_own(cast):
    desk, centre = desk_of(cast.agent), cast.service_centre.pk
    rooms = sheet(("小区", "楼栋", "房号"), ["云庭", "1", "101"])
    people = sheet(
        ("客户名称", "电话", "小区", "楼栋", "房号"), ["王小明", "13812345678", "云庭", "1", "101"]
    )

    for path, file in (("/customers/rooms/import/", rooms), ("/customers/import/", people)):
        preview = page_of(desk.post(path, {"file": file, "department": centre}))
        desk.post(f"{path}carry/", {"sheet": key_in(preview), "department": centre})

    assert Site.objects.get().department == cast.service_centre
    assert Customer.objects.get().occupancies.get().site == Site.objects.get()
    foreign = desk.post("/customers/import/", {"file": people, "department": cast.sales.pk})
    assert foreign.status_code == 404


@pytest.mark.parametrize("path", ["/staff/import/", "/customers/import/", "/customers/rooms/import/"])
def test_the_template_has_the_columns_that_are_read(cast, path):
    answer = desk_of(cast.owner).get(f"{path}template/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    file = SimpleUploadedFile("t.xlsx", answer.content)

    looked = desk_of(cast.owner).post(path, {"file": file, "department": cast.service_centre.pk})

    assert looked.status_code == 200
    assert "可导入 0 行" in page_of(looked)
