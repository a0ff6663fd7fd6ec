"""Brings numbers and dates into the writing that the finders know, with the way back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from nlu.entity_found import Found

_FORMAL_DIGITS: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
# 参 is what 參 becomes, with which Taiwan and Hong Kong write cheques.
_THREE: Final = re.compile(
    r"(?<=[负零第壹贰貮叁肆伍陆柒捌玖拾佰仟])参|(?<=分之)参|参(?=[拾佰仟万亿圆])"
)
# One alone is rather a name or a verb: 陆先生, 捌周.
_FORMAL_NUMERAL: Final = re.compile(
    r"[零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{2,}|[壹贰叁]"
    r"|[肆伍陆柒捌玖拾](?=月|[点时][整半钟壹贰叁肆伍拾]|年代)"
)
_HAN: Final = "[\u4e00-\u9fff]"
_UNIT: Final = "年月日号点时分秒"
# The group is the space. Longer numbers are no part of a date: 20261101000001 周三买的.
_GAP: Final = re.compile(
    rf"(?<![0-9])(?:[0-9]{{1,2}}|[0-9]{{4}}(?= 年))( )"
    rf"(?=[{_UNIT}天个刻]|小时|周(?![0-9一二三四五六日天末]))"
    r"|[一二三四五六七八九十两半几]( )(?=[年月日号点时秒周天]|分钟?|个月|小时)"
    r"|(?<=双)( )(?=1[12](?![0-9]))"
    # 下午3点 20分钟后 and 下周 3点 are two things.
    rf"|(?<={_HAN})(?<![周期拜])( )(?=[0-9]{{1,4}}(?:[\-/.:][0-9]| ?[{_UNIT}]))"
    r"(?![0-9]{1,4} ?分钟)"
)


def one_writing(text: str) -> str:
    """A text in normal form with one zero, 千 for 仟 and 叁 for 參; each stays in its place."""
    return _THREE.sub("叁", text).replace("\u3007", "零").replace("仟", "千")


def without_gaps(text: str) -> tuple[str, list[int]]:
    """A text as dates are written most: no spaces beside their digits, plain numerals.

    17 点 55 分 becomes 17点55分, 拾贰月 十二月. Also returns where in `text` each character stood.
    """
    plain = _FORMAL_NUMERAL.sub(lambda match: match[0].translate(_FORMAL_DIGITS), text)
    gone = {match.start(match.lastindex or 0) for match in _GAP.finditer(plain)}
    places = [place for place in range(len(plain)) if place not in gone]
    return "".join(plain[place] for place in places), places


def put_back(found: Iterable[Found], places: list[int]) -> Iterator[Found]:
    """Finds in what `without_gaps` made, with their places in the text that it was made from."""
    for one in found:
        yield replace(one, start=places[one.start], end=places[one.end - 1] + 1)
