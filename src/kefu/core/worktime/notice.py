"""Reads the State Council's holiday notice 放假安排 as published: all of it, or single sentences of it.

Every clause has to be understood. Weekdays and numbers of days that the notice gives are checked against the
calendar, so that last year's notice cannot be taken for this year's. Source of the wording: notices 2007 to
2026.
"""

import re
import unicodedata
from datetime import date, timedelta

from kefu.core.errors import Refused

from .holidays import NoticeDay

_LONGEST_SENTENCE = 500  # characters; those of real notices have up to 150
_LONGEST_HOLIDAY = 31  # days; a longer range is a slip in a month

_WEEK = "一二三四五六日"
_NUMBERS = {"两": 2} | {digit: n for n, digit in enumerate("一二三四五六七", start=1)}
_ONE = rf"(?:(?:(?:\d{{4}}年)?\d{{1,2}}月)?\d{{1,2}}日(?:<[{_WEEK}]>)?)"
_SPAN = rf"{_ONE}(?:至{_ONE})?"
_DAYS = rf"{_SPAN}(?:[、和及]{_SPAN})*"
_DATE = re.compile(rf"(至)?(?:(?:(\d{{4}})年)?(\d{{1,2}})月)?(\d{{1,2}})日(?:<([{_WEEK}])>)?")

# What one clause may say. `moved`: a day off is worked, and taken another day, unless a holiday lies on it.
_CLAUSES = {
    kind: re.compile(rf"(?:其中,?|同时,?)?将?{said}(?:[,、]|$)")
    for kind, said in {
        "moved": rf"(?P<days>{_DAYS})(?:(?P<number>[两一二三四五六七])个)?公休日(?:分别)?调至(?P<to>{_DAYS})",
        "off": rf"(?P<days>{_DAYS})(?:(?:为|是)(?:法定节?假日|公休日)|照常公休"
        rf"|(?:放假调休|放假公休|调休放假|放假|补休|调休|公休)(?:(?P<count>\d+)天)?)",
        "worked": rf"(?P<days>{_DAYS})(?:正常|照常)?上班",
        "resumed": rf"(?P<days>{_ONE})(?:起|开始)(?:正常|照常)?上班",
        "counted": r"共(?P<count>\d+)天",
        "remarked": r"(?:不调休|与周末连休)",
    }.items()
}

_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、])?"
    r"(?P<name>[^:,;<>月]{0,40}(?:节|纪念日|元旦|清明|端午|中秋|国庆)):"
)

# What stands around the holidays in a published notice and decides on no day.
_LETTER = re.compile(
    # the title, which may be broken over two lines
    r"(?:国务院办公厅)?(?:关于\d{4}年)?(?:(?!.*\d日)(?:关于)?.*(?:节假日|放假|假期).*的通知)?"
    r"|(?:国务院办公厅)?\d{4}年\d{1,2}月\d{1,2}日"
    r"|(?:国务院办公厅)?[二〇○ΟO零一三四五六七八九十]{4}年[一二三四五六七八九十]+月[一二三四五六七八九十]+日"
    r"|国办发(?:明电|电)?\D?\d{4}\D?\d+号"
    r"|各省、自治区、直辖市人民政府.*:"
    r"|(?!.*\d日).*通知如下:?"
    r"|节假日期间,.*"
    r"|鼓励.*"
    r"|特此通知"
    r"|(?:索引号|主题分类|发文机关|成文日期|标题|发文字号|发布日期|主题词):.*"
)
_YEAR_OF_NOTICE = re.compile(r"(?:关于|现将)(\d{4})年")


def year_of_notice(text: str) -> int | None:
    """The year that the heading of a notice names (国务院办公厅关于2026年…); None for sentences without one."""
    named = _YEAR_OF_NOTICE.search(_plain(text))
    return int(named[1]) if named else None


def parse_notice(text: str, year: int) -> list[NoticeDay]:
    """The days that the notice for `year` speaks of, ascending; days of the December before may be among
    them.

    Raises Refused `calendar.notice_not_understood` with the sentence quoted, `calendar.notice_contradicts`
    if its weekdays, counts or years do not fit, `calendar.notice_empty` if it names no day.
    """
    reader = _Reader(year)
    for sentence in re.split(r"[。；;\r\n]+", text):
        reader.read(sentence.strip())
    return reader.days()


class _Reader:
    """Reads sentence after sentence; a month named once holds until the next heading."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._name = ""
        self._off: dict[date, str] = {}
        self._worked: dict[date, str] = {}
        self._moved: dict[date, str] = {}
        self._last_off: list[date] = []
        self._sentence = ""
        self._forget_months()

    def read(self, sentence: str) -> None:
        if len(sentence) > _LONGEST_SENTENCE:
            raise _not_understood(f"{sentence[:_LONGEST_SENTENCE]}…")
        self._sentence = sentence
        plain = _plain(sentence)
        if _LETTER.fullmatch(plain):
            named = _YEAR_OF_NOTICE.search(plain)
            if named and int(named[1]) != self._year:
                raise self._contradicts(
                    f"这是 {named[1]} 年的通知，不是 {self._year} 年",
                    f"it is for {named[1]}, not {self._year}",
                )
            return
        if heading := _HEADING.match(plain):
            self._name = heading["name"]
            self._forget_months()
            plain = plain[heading.end() :]
        while plain:
            plain = plain[self._clause(plain) :]

    def days(self) -> list[NoticeDay]:
        worked = {day: name for day, name in self._moved.items() if day not in self._off} | self._worked
        if not (self._off or worked):
            raise Refused(
                "calendar.notice_empty",
                zh="通知里没有放假或上班的日期。请粘贴国务院办公厅发布的全文。",
                en="The notice names no day off and no day worked. Paste the whole text as published.",
            )
        for day in sorted(self._off.keys() & worked.keys()):
            self._sentence = str(day)
            raise self._contradicts("这一天既放假又上班", "this day is both off and worked")
        days = [NoticeDay(day, True, name) for day, name in self._off.items()]
        days += [NoticeDay(day, False, name) for day, name in worked.items()]
        return sorted(days, key=lambda day: day.day)

    def _clause(self, plain: str) -> int:
        """Take in the clause that `plain` begins with; how many characters it has."""
        for kind, pattern in _CLAUSES.items():
            if said := pattern.match(plain):
                self._take(kind, said.groupdict())
                return said.end()
        raise _not_understood(self._sentence)

    def _take(self, kind: str, said: dict[str, str | None]) -> None:
        days = self._dates(said.get("days") or "")
        if kind == "off":
            self._off |= dict.fromkeys(days, self._name)
            self._last_off = days
        elif kind == "worked":
            self._worked |= dict.fromkeys(days, self._name)
        elif kind == "moved":
            to = self._dates(said["to"] or "")
            if len(days) != len(to) or (said["number"] and _NUMBERS[said["number"]] != len(days)):
                raise self._contradicts("调换的天数不一致", "the days exchanged are not equally many")
            self._moved |= dict.fromkeys(days, self._name)
            self._off |= dict.fromkeys(to, self._name)
        if said.get("count") and int(said["count"] or 0) != len(self._last_off):
            zh, en = f"日期共 {len(self._last_off)} 天", f"its dates are {len(self._last_off)} days"
            raise self._contradicts(zh, en)

    def _dates(self, text: str) -> list[date]:
        """The dates of a list of days and ranges, in order."""
        days: list[date] = []
        for to, year, month, number, weekday in _DATE.findall(text):
            day = self._date(year, month, number, weekday)
            if to:
                first = days.pop()
                if day < first and first.month == 12:  # "12月30日至1月1日" begins in the year before
                    first = first.replace(year=first.year - 1)
                    self._year_of_month[12] = first.year
                if not first <= day < first + timedelta(days=_LONGEST_HOLIDAY):
                    raise self._contradicts(
                        f"{first} 至 {day} 不是一段假期", f"{first} to {day} is no holiday"
                    )
                days += [first + timedelta(days=n) for n in range((day - first).days + 1)]
            else:
                days.append(day)
        return days

    def _date(self, year: str, month: str, number: str, weekday: str) -> date:
        """A date, its year and month taken from those named before where it leaves them out."""
        if month:
            self._month = int(month)
        if year:
            self._year_of_month[self._month] = int(year)
        of_year = self._year_of_month.get(self._month, self._year)
        try:
            day = date(of_year, self._month, int(number))
        except ValueError as wrong:
            raise self._contradicts(f"没有 {self._month} 月 {number} 日", "there is no such date") from wrong
        if day.year != self._year and (day.year, day.month) != (self._year - 1, 12):
            raise self._contradicts(f"{day} 不属于 {self._year} 年", f"{day} is not of {self._year}")
        if weekday and _WEEK[day.weekday()] != weekday:
            zh, en = f"{day} 是星期{_WEEK[day.weekday()]}", f"{day} is a {day:%A}"
            raise self._contradicts(zh, en)
        return day

    def _forget_months(self) -> None:
        self._month = 0
        self._year_of_month: dict[int, int] = {}

    def _contradicts(self, zh: str, en: str) -> Refused:
        return Refused(
            "calendar.notice_contradicts",
            zh=f"“{self._sentence}”：{zh}。请核对年份和原文；什么都没有保存。",
            en=f"'{self._sentence}': {en}. Check the year and the text; nothing was stored.",
            sentence=self._sentence,
        )


def _plain(sentence: str) -> str:
    """One way of writing: half-width signs, no blanks, 至 for dashes, weekdays as <六>, other asides
    dropped.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", sentence))
    text = re.sub(r"\(([^()]*)\)", _aside, text)
    return re.sub(r"(?<=[日>])(?:[—–―~-]+|到)(?=\d)", "至", text)


_REMARK = re.compile(
    rf"(?:星期|周)[{_WEEK}天]|即?(?:农历|大年|正月|腊月|初)[一-龥]+|除夕|新年|元旦|[一-龥]{{1,4}}节|此件公开发布"
)


def _aside(found: re.Match[str]) -> str:
    """What stands in brackets becomes its weekday, or nothing if it only says which feast it is."""
    parts = re.split("[、,]", found[1])
    if not all(_REMARK.fullmatch(part) for part in parts):
        return found[0]  # it may decide on a day
    weekdays = [part[-1].replace("天", "日") for part in parts if part[0] in "星周"]
    return f"<{weekdays[0]}>" if len(weekdays) == 1 else ""


def _not_understood(sentence: str) -> Refused:
    return Refused(
        "calendar.notice_not_understood",
        zh=f"看不懂这一句：“{sentence}”。请改成通知的原文，或去掉与日期无关的话；什么都没有保存。",
        en=f"This sentence was not understood: '{sentence}'. Use the notice's own words, or leave out "
        "what names no day; nothing was stored.",
        sentence=sentence,
    )
