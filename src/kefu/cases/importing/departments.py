"""The department that what is read in belongs to."""

from __future__ import annotations

from datetime import datetime

from kefu.core.errors import Refused
from kefu.staff.models import Department
from kefu.staff.rights import Tree


def department_for(kind: str, code: str, *, at: datetime) -> Department:
    """The department of `code`; without a code the only one with a pack of its own, which has `kind` if one is asked.

    Raises Refused department.unknown, naming those there are.
    """
    tree = Tree()
    departments = list(tree.by_id.values())
    if code:
        found = [one for one in departments if one.code == code]
    else:
        found = [one for one in departments if one.pack and (not kind or _has(tree, one, kind, at))]
    if len(found) == 1:
        return found[0]
    codes = [one.code for one in departments]
    raise Refused(
        "department.unknown",
        zh=f"请用 --department 指定部门代码；可用：{'、'.join(codes)}。",
        en=f"Name the department by its code with --department; there are: {', '.join(codes)}.",
        codes=codes,
    )


def _has(tree: Tree, department: Department, kind: str, at: datetime) -> bool:
    rulebook = tree.rulebook_of(department.pk, at)
    return rulebook is not None and kind in rulebook.kinds
