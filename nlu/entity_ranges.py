"""Joins dates and times to ranges: 3月1日到5日, 下午五点到七点, 周五之前, 从2018年开始."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import add_months
from nlu.entity_dates import dates
from nlu.entity_found import Found, Rank, without_overlaps
from nlu.entity_periods import year_of

_TO: Final = re.compile(r" ?(?:一直)?(?:(?:起|开始)?[到至]|[~\-—\u2013]{1,2})(?:了)? ?")
_AND: Final = re.compile(r" ?[和与跟及] ?")
_BETWEEN: Final = re.compile(r" ?(?:之间|中间|期间|之内|间(?![隔接断]))")
_FROM: Final = re.compile(r"(?:从|自[从打]?|打从?)(?:包括)?$")
_UNTIL: Final = re.compile(
    r"(?:截止[到至]?|截至到?|直[到至]|早于|晚于|不早于|不晚于|不迟于|最[迟晚早]|至迟)$"
)
_LIMITED: Final = {
    "晚于": "{end}/..", "不早于": "{start}/..", "不晚于": "../{end}", "不迟于": "../{end}",
    "最迟": "../{end}", "至迟": "../{end}", "最晚": "../{end}", "最早": "{start}/..",
}  # fmt: skip
_AFTER: Final = re.compile(
    r" ?(?:(?P<with>(?:[(（]含[)）]|(?:当天|当日)?(?:或者?|以?及其?|和)) ?在?(?:之|以)?)"
    r"(?P<side1>[前后](?![天年面台]))"
    r"|(?P<side2>之前|以前|前(?![面台天几两些后夜])|之后|以后|后(?![面台天续悔者几]))"
    r"|(?:当天|当日)?[或及]者?(?P<more>更[早晚])|(?P<start>开始|起(?!来|码|飞|床))"
    r"|(?P<since>以来|至今|到现在|到今天|到目前)|(?P<end>为止))"
)
_Y: Final = r"(?:(?:19|20)[0-9]{2}|[一二][零〇九][零〇一二三四五六七八九]{2})"
# Without a 年 to say so, 2000 to 2500 may be a sum, and not years.
_YEARS: Final = re.compile(
    r"(?<![0-9a-z.\-/])(?:从|自)?(?:(?P<short>[0-3][0-9]) ?(?P<said>年)? ?[\-—\u2013~到至] ?"
    r"(?P<until>[0-3][0-9]) ?年(?!以?[内前后多来])|"
    rf"(?P<a>{_Y})(?: ?(?:[\-—\u2013~到至/]|[和与跟](?=.{{4,6}}[之期中][间内]))"
    rf" ?(?P<b>{_Y}) ?年"
    r"| ?[\-—\u2013~到至] ?(?P<c>(?:19[5-9]|20[0-4])[0-9])(?<!00)"
    r"(?![0-9a-z.\-/:,%元块圆个件只斤米公平刀美多万千号])(?! [0-9])))"
)
_WEEK: Final = re.compile(r"周|星期|礼拜")
_BY_TODAY: Final = re.compile(r"[今昨][天日]|[上本这]个?(?:周|星期|礼拜|月)")
_BESIDE: Final = re.compile(r"[ ,，的(（]{0,2}")
_WEEKDAY: Final = re.compile(r"[,，(（ ]{0,2}(?:周|星期|礼拜)[一二三四五六日天][)）]?")


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date, a time, or one beside the other, `[start, end)`."""

    day: Found | None
    time: Found | None
    start: int
    end: int

    @property
    def value(self) -> str:
        if self.day is None or self.time is None:
            return (self.day or self.time).value  # type: ignore[union-attr]
        return f"{self.day.value}T{self.time.value}"


def ranges(text: str, found: Sequence[Found], *, today: date) -> Iterator[Found]:
    """The ranges of the dates and times `found` in a text in normal form, as ISO 8601 intervals.

    `date_range` and `time_range` have the precision that was said (`2026-03/2026-05`); an open end
    is `..`, and what is before or after a whole period begins or ends beside it. A date with its
    weekday (12日，星期一) is one longer date.
    """
    moments = _moments(text, without_overlaps(found))
    skip = -1
    for i, moment in enumerate(moments):
        if i <= skip:
            continue
        later = moments[i + 1] if i + 1 < len(moments) else None
        if later is not None and i + 2 < len(moments):
            apart = _days_and_hours(text, moment, later, moments[i + 2])
            if apart:
                skip = i + 2
                yield from apart
                continue
        joined = None if later is None else _joined(text, _start(text, moment, later, today), later)
        if joined is not None:
            skip = i + 1
            yield joined
            continue
        yield from _open(text, moment, today)
        yield from _with_weekday(text, moment)
    for match in _YEARS.finditer(text):
        first, last = (match["a"] or match["short"]), (match["b"] or match["c"] or match["until"])
        begin, end = (year_of(said, today) for said in (first, last))
        # 18到19年 are years, 15到20年 and 30到35年 a stretch of time.
        sure = begin % 100 if match["c"] else match["said"] or end - begin <= 2
        if match["b"] or (sure and begin < end and begin <= today.year):
            yield Found("date_range", f"{begin}/{end}", *match.span(), Rank.PHRASE)


def _moments(text: str, found: Sequence[Found]) -> list[_Moment]:
    moments: list[_Moment] = []
    for one in found:
        last = moments[-1] if moments else None
        day = last.day if last is not None and last.time is None else None
        if last is not None and day is not None and _beside(text, day, one):
            moments[-1] = _Moment(day, one, last.start, one.end)
            continue
        is_day = one.name == "date"
        moments.append(
            _Moment(one if is_day else None, None if is_day else one, one.start, one.end)
        )
    return moments


def _beside(text: str, day: Found, time: Found) -> bool:
    """Whether a time of a whole day follows it directly."""
    follows = _BESIDE.fullmatch(text, day.end, time.start) is not None
    return time.name == "time" and len(day.value) == 10 and follows


def _joined(text: str, first: _Moment, second: _Moment) -> Found | None:
    between = _TO.fullmatch(text, first.end, second.start)
    if between is None and _AND.fullmatch(text, first.end, second.start):
        between = _BETWEEN.match(text, second.end)
    if between is None or (first.day is None and second.day is not None):
        return None
    start = _lead(text, first.start, _FROM)
    later_day = second.day
    if first.day is not None and second.day is not None:
        value = _after(text[second.day.start : second.day.end], second.day.value, first.day.value)
        if value is None:
            return None
        later_day = Found("date", value, second.day.start, second.day.end, Rank.PHRASE)
    if first.time is None and second.time is not None:
        return None
    later_time = second.time
    if first.time is not None and second.time is not None and second.day is None:
        clock = _same_half(first.time.value, second.time.value, text[second.start : second.end])
        later_time = Found("time", clock, second.time.start, second.time.end, Rank.PHRASE)
    if later_day is None and first.day is not None:
        later_day = first.day
    later = _Moment(later_day, later_time, second.start, second.end)
    name = "time_range" if first.day is None else "date_range"
    return Found(name, f"{first.value}/{later.value}", start, second.end, Rank.PHRASE)


def _start(text: str, first: _Moment, second: _Moment, today: date) -> _Moment:
    """下午三点到明天上午九点 begins today, 12月1号到今天 in the year before where it has to."""
    day, value = first.day, today.isoformat()
    if second.day is None or (day is None and second.time is None):
        return first
    if day is not None:
        ended = _BY_TODAY.match(text, second.day.start) and len(day.value) == 10
        if not ended or day.value <= second.day.value or len(second.day.value) != 10:
            return first
        before = dates(text[day.start : day.end], today=add_months(today, -12))
        value = next((one.value for one in before), day.value)
    start = first.start if day is None else day.start
    end = first.start if day is None else day.end
    return _Moment(
        Found("date", value, start, end, Rank.PHRASE), first.time, first.start, first.end
    )


def _days_and_hours(text: str, first: _Moment, second: _Moment, third: _Moment) -> list[Found]:
    """周一到周五9:00-18:00: the days, and the hours of each of them."""
    if first.time or third.day or second.day is None or second.time is None:
        return []
    day = _Moment(second.day, None, second.day.start, second.day.end)
    hour = _Moment(None, second.time, second.time.start, second.time.end)
    both = (_joined(text, first, day), _joined(text, hour, third))
    return [one for one in both if one is not None] if all(both) else []


def _open(text: str, moment: _Moment, today: date) -> Iterator[Found]:
    """Before, after, from, until a moment."""
    name = "time_range" if moment.day is None else "date_range"
    start, end = moment.value, moment.value
    if moment.time is None and moment.day is not None:
        start, end = _limits(moment.day.value)
    after = _AFTER.match(text, moment.end)
    if after is not None and after["since"]:
        start = _past(text[moment.start : moment.end], start, today)
    for value, begin, behind in open_ends(text, (moment.start, moment.end), (start, end)):
        yield Found(name, value, begin, behind, Rank.PHRASE)


def open_ends(
    text: str, span: tuple[int, int], limits: tuple[str, str]
) -> Iterator[tuple[str, int, int]]:
    """What the words before and after a period make of it: 从…起, …之前, 截至….

    `limits` are its first day and the day after its last. At most one interval with its span.
    """
    after = _AFTER.match(text, span[1])
    begin = _lead(text, span[0], _FROM)
    if after is not None:
        yield _open_value(after, *limits), begin, after.end()
    elif begin < span[0] and text[begin] in "自打":
        yield f"{limits[0]}/..", begin, span[1]
    else:
        begin = _lead(text, span[0], _UNTIL)
        if begin < span[0]:
            form = _LIMITED.get(text[begin : span[0]], "../{start}")
            yield form.format(start=limits[0], end=limits[1]), begin, span[1]


def _open_value(after: re.Match[str], start: str, end: str) -> str:
    """What the word after a period makes of its limits."""
    if after["since"] or after["start"]:
        return f"{start}/.."
    side = after["side1"] or (after["side2"] or "")[-1:]
    if after["more"]:
        side = "前" if after["more"] == "更早" else "后"
    inclusive = after["with"] is not None or after["more"] is not None
    if side == "后":
        return f"{start if inclusive else end}/.."
    return f"../{end if inclusive else start}"


def _with_weekday(text: str, moment: _Moment) -> Iterator[Found]:
    if moment.day is not None and moment.time is None and len(moment.day.value) == 10:
        weekday = _WEEKDAY.match(text, moment.end)
        said = text[moment.start : moment.end]
        if weekday is not None and re.search(r"[0-9日号]$|月.*[一二三四五六七八九十]$", said):
            yield Found("date", moment.day.value, moment.start, weekday.end(), Rank.PHRASE)


def _lead(text: str, start: int, words: re.Pattern[str]) -> int:
    """Where the words directly before `start` begin, or `start` without them."""
    match = words.search(text, max(0, start - 4), start)
    return start if match is None else match.start()


def _limits(value: str) -> tuple[str, str]:
    """The first day of a period and the day after its last; both the day itself for a day."""
    if len(value) == 10:
        return value, value
    if "-W" in value:
        first = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        return first.isoformat(), (first + timedelta(days=7)).isoformat()
    first = date(int(value[:4]), int(value[5:] or 1), 1)
    return first.isoformat(), add_months(first, 1 if value[5:] else 12).isoformat()


def _past(said: str, start: str, today: date) -> str:
    """What has been going on since a day began before today: 3月以来."""
    if start[:10] <= today.isoformat():
        return start
    earlier = (
        found.value
        for months in (-6, -12)
        for found in dates(said, today=add_months(today, months))
    )
    begins = [_limits(value)[0] for value in earlier]
    return max((one for one in begins if one <= today.isoformat()), default=start)


def _after(said: str, value: str, first: str) -> str | None:
    """The end of a range on or after its start: of 12月28日到3日 it is the next year's."""
    exact = re.search(r"(?:19|20)[0-9]{2}|[上下这本今明昨去前后年]", said) is not None
    if "-W" in value or (exact and len(value) != len(first)):
        return value if value[:4] >= first[:4] else None
    if exact and value >= first:
        return value
    anchor = date.fromisoformat(_limits(first)[0])
    later = (timedelta(0), timedelta(days=7)) if _WEEK.search(said) else (timedelta(0),)
    for day in (*(anchor + step for step in later), *(add_months(anchor, m) for m in (1, 12))):
        near = [found.value for found in dates(said, today=day)]
        best = [one for one in near if len(one) == len(value) and one >= first[: len(one)]]
        if best:
            return min(best)
    return value if value >= first[: len(value)] else None


def _same_half(first: str, second: str, said: str) -> str:
    """下午五点到六点 ends in the afternoon, unless the end has a part of the day of its own."""
    if second.startswith("12") and first >= "18:00":
        return f"24{second[2:]}" if second == "12:00" else f"00{second[2:]}"
    if second < first and re.match(r"[0-9一二三四五六七八九十]", said) and int(second[:2]) < 12:
        later = f"{int(second[:2]) + 12:02}{second[2:]}"
        return later if later > first else second
    return second
