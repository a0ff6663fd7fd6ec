"""Finds money, quantities, measures and bare numbers, written in digits, Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from nlu.entity_found import Found, Rank

_DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.[0-9]{1,4})?"
_HAN: Final = (
    r"[零一二三四五六七八九十百千万亿两俩仨半廿]"
    r"(?:[零〇一二三四五六七八九十百千万亿两廿]|点(?=[零一二三四五六七八九])){0,19}"
)
_WORDS: Final = {
    "zero": "0", "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "twenty": "20", "thirty": "30", "fifty": "50",
}  # fmt: skip
_WORD: Final = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty)"
)
_NOT_INSIDE: Final = r"(?<![0-9a-z.零〇一二三四五六七八九十百千万亿两第])"
_SCALE: Final = r"(?: ?(?:[百千万亿]{1,2}(?:[0-9]{1,4}[百千]?){0,2}|[kw](?![a-z])))?"
NUMERAL: Final = rf"(?:{_DIGITS}{_SCALE}|{_HAN})"
"""A number in digits or Chinese numerals, for use inside other patterns."""

_UNIT: Final = (
    r"(?:块钱|元钱|块|元|圆|rmb|人民币|美元|美金|刀|港币|港元|日元|欧元|英镑"
    r"|dollars?|bucks|usd|yuan|cny|euros?|pounds?)(?![a-z])"
)
_SMALL: Final = r"[0-9零一二三四五六七八九两半]"
_MONEY: Final = re.compile(
    rf"(?:(?:[¥$€£]|(?<![a-z])(?:rmb|usd|us\$|cny)) ?(?P<after>{_DIGITS}{_SCALE})(?![0-9])"
    rf"(?: ?{_UNIT})?)"
    rf"|{_NOT_INSIDE}(?P<before>{NUMERAL}) ?[多来]?(?P<unit>{_UNIT})"
    rf"(?:(?<=[块元圆])(?P<jiao>零?{_SMALL})(?:毛|角)?(?:(?P<fen>{_SMALL})分)?(?![0-9一二三四五六七八九十百件个瓶盒]))?"
    rf"|{_NOT_INSIDE}(?P<only>{NUMERAL}) ?(?:毛钱?|角钱?)(?![a-z])"
    rf"|{_NOT_INSIDE}(?P<word>{_WORD}|{_DIGITS}) (?:dollars?|bucks|yuan|euros?|pounds?)(?![a-z])"
)
_PRICED: Final = re.compile(
    rf"(?:满|减|预算|便宜|优惠|降了|才卖|卖|多扣了?我?|付了)(?P<priced>{NUMERAL})"
    r"(?![0-9岁天年月日周个件瓶折%斤期分号次码克小多来一二三四五六七八九十])"
)
_MEASURE: Final = (
    r"(?:件|个(?!月|小时|钟|工作|星期|礼拜|半|多月|季度|年)|瓶|支|只(?!有|能|要|是|想|用|会|剩|收)|双|盒|套(?!餐)|台|包(?!邮|括|裹|装|期|政策)"
    r"|箱|条|片|袋|罐|顶|副|颗|粒|把|桶|卷|块装|份)"
)
_QUANTITY: Final = re.compile(
    rf"{_NOT_INSIDE}(?P<han>{NUMERAL}) ?{_MEASURE}"
    r"|(?<![a-z0-9])[×x*] ?(?P<times>[0-9]{1,4})(?![0-9a-z.])"
    rf"|(?<![a-z0-9.])(?P<english>{_WORD}|[0-9]{{1,6}}) ?"
    r"(?:pieces?|pcs?|items?|bottles?|units?|pairs?|boxes|box|sets?|packs?|tubes?)(?![a-z])"
)
_MEASURED: Final = re.compile(
    r"(?<![0-9a-z.])(?P<amount>[0-9]{1,5}(?:\.[0-9]{1,2})?) ?"
    r"(?P<unit>ml|毫升|g|克|l|升|寸|码|mah|毫安|pa)(?![a-z])"
)
_MEASURE_NAMES: Final = {
    "毫升": "ml",
    "克": "g",
    "升": "L",
    "l": "L",
    "毫安": "mAh",
    "mah": "mAh",
    "pa": "Pa",
}
_APPROXIMATE: Final = re.compile(r"[一二三四五六七八九两]{2}")  # 两三天 is not 23
_PLAIN: Final = re.compile(rf"{_NOT_INSIDE}(?P<number>{_DIGITS}{_SCALE}|{_HAN})(?![0-9a-z])")


def amounts(text: str) -> Iterator[Found]:
    """Money, quantity, size by measure and number in a text in normal form; finds may overlap.

    Values are decimal strings without superfluous zeros (250, 12.5); a measure keeps its unit.
    """
    yield from _money(text)
    yield from _priced(text)
    for match in _QUANTITY.finditer(text):
        amount = numeral(match["han"] or match["times"] or match["english"])
        if amount is not None:
            yield Found("quantity", amount, match.start(), match.end(), Rank.PHRASE)
    for match in _MEASURED.finditer(text):
        unit = _MEASURE_NAMES.get(match["unit"], match["unit"])
        value = f"{match['amount']}{unit}"
        yield Found("size", value, match.start(), match.end(), Rank.PHRASE)
    for match in _PLAIN.finditer(text):
        amount = numeral(match["number"]) if _says_number(match["number"]) else None
        if amount is not None:
            yield Found("number", amount, match.start(), match.end(), Rank.BARE)


@lru_cache(maxsize=4096)
def numeral(written: str) -> str | None:
    """The value of a number written in digits, Chinese or English as a decimal string, or None.

    二百五十, 1,200.50, 3万, 1.5k, 两 and six are understood.
    """
    simple = written.replace(",", "").replace(" ", "").replace("\u3007", "零")
    simple = _WORDS.get(simple, simple).replace("俩", "两").replace("仨", "三")
    simple = simple.replace("k", "千").replace("w", "万")
    if simple == "半":
        return "0.5"
    if simple.endswith("半") or _APPROXIMATE.fullmatch(simple):
        return None
    try:
        return _plain_decimal(Decimal(simple))
    except InvalidOperation:
        pass
    try:
        return _plain_decimal(_from_chinese(simple))
    # 千万 and 一一 are written like numbers and are none; cn2an stumbles over 一亿三 (KeyError).
    except (ValueError, KeyError, InvalidOperation):
        return None


def _from_chinese(numeral: str) -> Decimal:
    import cn2an  # a third of a second, which every start would wait for

    return Decimal(str(cn2an.cn2an(numeral, "smart")))


def _money(text: str) -> Iterator[Found]:
    for match in _MONEY.finditer(text):
        whole = match["after"] or match["before"] or match["word"]
        if whole is None:
            total = _tenths(match["only"])
        else:
            total = _with_small_change(numeral(whole), match["jiao"], match["fen"])
        if total is not None:
            yield Found("money", total, match.start(), match.end(), Rank.PHRASE)


def _priced(text: str) -> Iterator[Found]:
    """Numbers that are money for what stands before them: 满300减40, 预算500."""
    for match in _PRICED.finditer(text):
        amount = numeral(match["priced"]) if _says_number(match["priced"]) else None
        if amount is not None:
            yield Found("money", amount, *match.span("priced"), Rank.PHRASE)


def _tenths(jiao: str) -> str | None:
    amount = numeral(jiao)
    return None if amount is None else _plain_decimal(Decimal(amount) / 10)


def _with_small_change(whole: str | None, jiao: str | None, fen: str | None) -> str | None:
    """三块五 is 3.5 and 三块半 as well; 五毛二分 follows as tenths and hundredths."""
    if whole is None:
        return None
    total = Decimal(whole)
    for part, weight in ((jiao, Decimal("0.1")), (fen, Decimal("0.01"))):
        if part is None:
            continue
        if part == "半":
            total += 5 * weight
            continue
        total += Decimal(numeral(part.lstrip("零") or "零") or 0) * weight
    return _plain_decimal(total)


def _says_number(written: str) -> bool:
    """Whether a bare numeral means a number: 一下, 千万别 and 两三天 do not."""
    if written[0].isdigit():
        return True
    return len(written) > 1 and written[0] not in "百千万亿半零" and "半" not in written


def _plain_decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
