"""What a customer is found by: name, its pinyin and initials, places held now, own devices, ends of telephones.

A number in full is looked up exactly (`queries.find_customers`) and stands nowhere in the index.
"""

from __future__ import annotations

import os
import re
from functools import cache
from itertools import islice, product
from typing import Any

from kefu.core.search.sources import Source, offer
from kefu.customers.models import ContactPoint, Customer

LONGEST_NAME = 8  # characters: longer names are of companies, which nobody asks for by pinyin
MOST_READINGS = 12
_HAN = re.compile(r"[\u3400-\u9fff]+")


def words(customer: Customer) -> str:
    places = [str(one.site) for one in customer.occupancies.all() if one.until is None]
    phones = [one.value for one in customer.contact_points.all() if one.kind == ContactPoint.PHONE]
    devices = [str(one) for one in customer.assets.all() if one.retired_at is None]
    return " ".join([customer.name, *spellings(customer.name), *places, *devices, *map(last_four, phones)])


def last_four(phone: str) -> str:
    """Of an E.164 number, its extension left out."""
    return phone.partition(";")[0][-4:]


def spellings(name: str) -> list[str]:
    """张伟: zhangwei, zw. Characters that are read in several ways give each, twelve of a name at most."""
    han = "".join(_HAN.findall(name))
    if not han or len(han) > LONGEST_NAME:
        return []
    ways = [list(dict.fromkeys(readings)) for readings in _readings()(han)]
    read = list(islice(product(*ways), MOST_READINGS))
    initials = ["".join(part[:1] for part in one) for one in read]
    return list(dict.fromkeys(["".join(one) for one in read] + initials))


@cache
def _readings() -> Any:
    """Function of Chinese characters to the readings of each. Its tables are read when first needed; those of whole
    phrases never are: names are none, and they would take 45 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    return lambda han: pinyin(han, style=Style.NORMAL, heteronym=True)


def make_findable() -> None:
    kept = Customer.objects.filter(merged_into=None).prefetch_related(
        "contact_points", "occupancies__site", "assets"
    )
    offer(Source("customer", kept.all, words))
