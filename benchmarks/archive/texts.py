"""Generated Chinese of real lengths: words drawn by Zipf's law, sentences as long as people write them.

Nothing of the real input stands here but its lengths: subjects of the public messages, utterances of the after-sales
chats (quantiles 0, 5, 25, 50, 75, 90, 99, 100 %, measured in characters).
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

SUBJECT = (4, 11, 15, 19, 24, 27, 33, 60)
UTTERANCE = (1, 4, 8, 12, 19, 31, 90, 200)
_SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
# Words that a desk hears of every day, at ranks where such words stand; the rest is made up.
KNOWN = {
    20: "漏水",
    40: "电梯",
    60: "退款",
    90: "停电",
    140: "物业费",
    200: "门禁",
    400: "噪音",
    900: "充电桩",
    3000: "井盖破损",
}
RARE = "燃气锅炉"  # four characters, once in 50,000 cases
WORDS = 40_000
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)


def _characters() -> list[str]:
    """The 3,755 characters of the first level of GB 2312, in its order."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [letter for code in rows if (letter := code.decode("gb2312", errors="ignore"))]


class Texts:
    """A stream of texts that depends on its seed alone."""

    def __init__(self) -> None:
        made = Random(20261122)
        letters = _characters()
        made.shuffle(letters)
        weights = list(accumulate(1 / (rank + 20) for rank in range(len(letters))))
        lengths = made.choices((1, 2, 3, 4), weights=(12, 66, 15, 7), k=WORDS)
        self.words = ["".join(made.choices(letters, cum_weights=weights, k=length)) for length in lengths]
        for rank, word in KNOWN.items():
            self.words[rank] = word
        self.weights = list(accumulate(1 / (rank + 8) for rank in range(WORDS)))
        self.letters = letters[:800]

    def sentence(self, chance: Random, quantiles: tuple[int, ...]) -> str:
        """Words up to a length drawn from the quantiles, a comma now and then, a number in every fifth."""
        length = _drawn(chance.random(), quantiles)
        parts: list[str] = []
        size = 0
        for word in chance.choices(self.words, cum_weights=self.weights, k=length // 2 + 2):
            if size >= length:
                break
            parts.append(word)
            size += len(word)
            if size % 11 == 0:
                parts.append("，")
        if chance.random() < 0.2:
            parts.append(f"{chance.randint(1, 40)}号楼{chance.randint(1, 30)}0{chance.randint(1, 8)}")
        return "".join(parts)


def name_of(customer: int) -> str:
    """The name of the `customer`th one; some names are had by many."""
    chance = Random(customer)
    surname = _SURNAMES[min(len(_SURNAMES) - 1, int(chance.expovariate(0.09)))]
    given = chance.choices(_GIVEN, k=chance.choice((1, 2, 2)))
    return surname + "".join(given)


def phone_of(customer: int) -> str:
    return f"+861{30 + customer % 60}{customer * 7919 % 10**8:08d}"


def _drawn(share: float, quantiles: tuple[int, ...]) -> int:
    place = min(bisect(_SHARES, share), len(_SHARES) - 1)
    low, high = _SHARES[place - 1], _SHARES[place]
    return round(
        quantiles[place - 1] + (quantiles[place] - quantiles[place - 1]) * (share - low) / (high - low)
    )


_GIVEN = _characters()[::9]
