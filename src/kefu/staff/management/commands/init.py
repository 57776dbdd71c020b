"""`kefu init`: make the organisation, its departments and its owner; put the packs in force."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM
from kefu.staff import queries
from kefu.staff.actions import Founded, NewDepartment, found

HELP = """\
Make the database, the organisation, its departments and its owner.

  kefu init --name 云庭物业 --owner wang:王芳 \\
            --department service_centre:客服中心:property --department engineering:工程部

A department reads CODE:NAME[:PACK[:PARENT]]; without a pack it only receives what others dispatch to it.
What is not given is asked for. The link printed at the end lets the owner set a password, once, within 72
hours."""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name", help="of the organisation")
        parser.add_argument("--zone", help="such as Asia/Shanghai (default: KEFU_TIME_ZONE)")
        parser.add_argument("--owner", metavar="LOGIN:NAME")
        parser.add_argument(
            "--department",
            action="append",
            default=[],
            metavar="CODE:NAME[:PACK[:PARENT]]",
            dest="departments",
        )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if (existing := queries.organisation()) is not None:
            self.stdout.write(
                f"「{existing.name}」已建立,数据库已更新。\n{existing.name} exists; the database is current."
            )
            return
        name = options["name"] or input("组织名称 / name of the organisation: ")
        login, *owner = _parts(options["owner"] or input("负责人 登录名：姓名 / owner LOGIN:NAME: "))
        departments = options["departments"] or [
            input("部门 代码:名称:制度 / department CODE:NAME:PACK [service_centre:客服中心:property]: ")
            or "service_centre:客服中心:property"
        ]
        try:
            made = found(
                name,
                zone=options["zone"] or settings.TIME_ZONE,
                owner_login=login,
                owner_name=":".join(owner) or login,
                departments=[NewDepartment(*_parts(department)) for department in departments],
                by=SYSTEM,
                at=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(f"{refused.zh}\n{refused.en}") from refused
        except TypeError as error:
            raise CommandError("--department: CODE:NAME[:PACK[:PARENT]]") from error
        self.stdout.write(self._done(made))

    def _done(self, made: Founded) -> str:
        base = settings.KEFU_URL or "http://localhost:8000"
        return (
            f"「{made.organisation.name}」已建立。请{made.owner.name}用此链接设置密码（72 小时内一次有效）：\n"
            f"{made.organisation.name} is set up. {made.owner.name} sets a password here (once, in 72 h):\n"
            f"  {base}/link/{made.link}\n"
        )


def _parts(given: str) -> list[str]:
    """What stands between the colons; a Chinese input method types the full-width one."""
    return given.replace("\uff1a", ":").split(":")
