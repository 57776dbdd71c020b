"""Who works and who lives in the demonstration. All names are made up from common ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from kefu.core.db import write
from kefu.core.ledger import SYSTEM
from kefu.customers import actions as customers
from kefu.customers.models import Customer, Site
from kefu.staff import actions as staff
from kefu.staff.models import Department, Person

PASSWORD = "guihua-2026"  # noqa: S105 (everybody's, printed at the start)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN = [
    "芳",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "晓燕",
    "建国",
    "文博",
    "雨桐",
    "思远",
    "佳怡",
    "浩然",
    "子轩",
    "梓涵",
    "海燕",
    "国强",
    "玉梅",
    "志伟",
    "春华",
    "秋实",
    "立新",
    "小红",
    "永康",
    "凤仪",
    "一鸣",
]
UNITS = (
    ("service_centre", "客服中心", "property"),
    ("engineering", "工程部", ""),
    ("quality", "质量管理部", ""),
)
# login, name, department, post; the first is the company leader and owns the organisation
STAFF = (
    ("wangfang", "王芳", "service_centre", ""),
    ("liqiang", "李强", "service_centre", "manager"),
    ("zhaomin", "赵敏", "service_centre", "supervisor"),
    ("chenjing", "陈静", "service_centre", "agent"),
    ("liuyang", "刘洋", "service_centre", "agent"),
    ("yangli", "杨丽", "service_centre", "agent"),
    ("huangjuan", "黄娟", "service_centre", "agent"),
    ("zhouxia", "周霞", "service_centre", "agent"),
    ("wuping", "吴平", "service_centre", "agent"),
    ("xuyan", "徐艳", "service_centre", "agent"),
    ("sunlei", "孙磊", "service_centre", "team_leader"),
    ("huming", "胡明", "service_centre", "team_leader"),
    ("zhuchao", "朱超", "service_centre", "duty_operator"),
    ("gaojie", "高杰", "service_centre", "duty_operator"),
    ("linyong", "林勇", "service_centre", "duty_operator"),
    ("hetao", "何涛", "engineering", "engineering_supervisor"),
    ("guogang", "郭刚", "engineering", "repair_worker"),
    ("majun", "马军", "engineering", "repair_worker"),
    ("luoping", "罗平", "engineering", "repair_worker"),
    ("liangbo", "梁波", "engineering", "repair_worker"),
    ("songwei", "宋伟", "engineering", "repair_worker"),
    ("zhenghai", "郑海", "engineering", "repair_worker"),
    ("xiening", "谢宁", "quality", "quality_manager"),
    ("hanmei", "韩梅", "quality", ""),
    ("tanglan", "唐兰", "quality", ""),
)
AUDITOR = "hanmei"
HOUSEHOLDS = 300


@dataclass
class Household:
    customer: Customer
    site: Site
    surname: str
    telephone: str
    house_number: str


@dataclass
class Town:
    """Everybody, by the part they play in stories."""

    chance: Random
    centre: Department
    engineering: Department
    people: dict[str, Person]
    posts: dict[str, list[Person]]
    households: list[Household] = field(default_factory=list)

    def one(self, post: str) -> Person:
        return self.chance.choice(self.posts[post])

    def household(self) -> Household:
        return self.chance.choice(self.households)


def found(at: datetime, chance: Random) -> Town:
    """The organisation, its staff and its households, at `at`."""
    made = staff.found(
        "云庭物业服务有限公司",
        zone="Asia/Shanghai",
        owner_login=STAFF[0][0],
        owner_name=STAFF[0][1],
        departments=[staff.NewDepartment(code, name, pack) for code, name, pack in UNITS],
        by=SYSTEM,
        at=at,
    )
    units = {unit.code: unit for unit in Department.objects.all()}
    people = {STAFF[0][0]: made.owner}
    posts: dict[str, list[Person]] = {"company_leader": [made.owner]}
    with write():
        for login, name, unit, post in STAFF[1:]:
            person = staff.add_person(units[unit], login=login, name=name, by=SYSTEM, at=at)
            people[login] = person
            if post:
                staff.give_post(person, post=post, department=units[unit], by=SYSTEM, at=at)
                posts.setdefault(post, []).append(person)
        staff.name_auditor(people[AUDITOR], by=SYSTEM, at=at)
        # One hash for all: slow by design, and the password is printed anyway.
        Person.objects.update(password=make_password(PASSWORD))
    town = Town(chance, units["service_centre"], units["engineering"], people, posts)
    with write():
        town.households += _households(town, at)
    return town


def _households(town: Town, at: datetime) -> Iterator[Household]:
    for number in range(HOUSEHOLDS):
        building, rest = divmod(number, 60)
        floor, room = divmod(rest, 4)
        house_number = f"{building + 1}-{floor + 1:02}0{room + 1}"
        surname = town.chance.choice(SURNAMES)
        telephone = f"13{town.chance.randrange(5, 10)}{town.chance.randrange(10**8):08}"
        customer = customers.add_customer(
            town.centre,
            kind="natural",
            name=surname + town.chance.choice(GIVEN),
            contacts=[("phone", telephone)],
            by=SYSTEM,
            at=at,
        )
        site = customers.add_site(
            town.centre,
            community="云庭花园",
            building=f"{building + 1}号楼",
            unit="",
            room=f"{floor + 1:02}0{room + 1}",
            by=SYSTEM,
            at=at,
        )
        since = at - timedelta(days=town.chance.randrange(200, 3000))
        customers.move_in(customer, site=site, role="owner", since=since, by=SYSTEM, at=at)
        yield Household(customer, site, surname, telephone, house_number)
