"""Finds money and quantities, written in digits, Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from nlu.entity_currencies import CHANGE, SIGN, UNIT, change_of, currency_of
from nlu.entity_found import Found, Rank
from nlu.entity_numbers import NOT_INSIDE, says_number
from nlu.entity_numerals import (
    HAN_DIGITS,
    NUMERAL,
    PIECES,
    WORD,
    decimal_of,
    numeral,
    plain,
)

_SMALL: Final = rf"[0-9{HAN_DIGITS}半]"
_AMOUNT: Final = rf"(?:{NUMERAL}|(?<![0-9])\.[0-9]{{1,8}})"
_WHOLE: Final = rf"{NOT_INSIDE}(?<!分之)(?<![0-9]/)"
_MINUS: Final = r"负 ?|(?<![0-9a-z\-)%元块毛角分钱])-"
_MONEY: Final = re.compile(
    rf"(?:(?P<sign>{SIGN}) ?(?P<below>-)?(?P<after>{_AMOUNT})"
    rf"(?![0-9%])(?P<large> ?(?:bn?|[bm]illion)(?![a-z]))?(?: ?(?P<said>{UNIT}))?"
    rf"|{_WHOLE}(?P<minus>{_MINUS})?(?:(?P<of>{NUMERAL}) ?分之 ?)?"
    rf"(?P<before>{_AMOUNT}) ?[多来余几]? ?(?P<unit>{UNIT}))"
    rf"(?: ?(?:又|and|零|零?加)? ?(?P<cents>{NUMERAL}) ?{CHANGE})?"
    rf"(?:(?<=[块元圆钱]) ?(?:零?(?P<hundredths>{_SMALL}) ?分(?![之期])"
    rf"|(?P<jiao>零?{_SMALL}) ?(?P<jiao_said>毛|角)?(?: ?又? ?(?P<fen>{_SMALL}) ?分"
    rf"|(?<=[毛角]) ?(?P<fen_left>{_SMALL}))?)"
    rf"(?![0-9十百千万天年月日%元块]|[一二三四五六七八九](?!{PIECES})|{PIECES}))?整?"
    rf"|{_WHOLE}(?P<minus_only>{_MINUS})?(?P<only>{NUMERAL}) ?(?:毛钱?|角钱?)(?![a-z星形楼])"
    rf"(?: ?(?P<only_fen>{_SMALL})(?: ?分|(?![0-9一二三四五六七八九十百千万个件天])))?"
    rf"|{_WHOLE}(?P<minus_fens>{_MINUS})?(?P<fens>{NUMERAL}) ?"
    rf"(?:分 ?钱|(?!钱|仙(?!士))(?P<foreign>{CHANGE}))"
    rf"|{NOT_INSIDE}(?P<word>{WORD}) (?P<word_unit>dollars?|bucks|yuan|euros?|pounds?)(?![a-z])"
)
_LESS: Final = re.compile(r"(?:^|[^0-9a-z\-)%元块])-$")
_LARGE: Final = re.compile(r"[百千][万亿]")
_PRICED: Final = re.compile(
    r"(?:满|减|预算|便宜|优惠|降了|才卖|卖|[多被]?扣了?我?|付了|花了|退[了回给]?我?|充值?了?|[原现售特]价"
    r"|价格是?|到手价?|返现?了?|[定押]金|运费|邮费|尾款|差价|余额(?:不足|只有|还有)?)"
    rf"(?P<priced>{NUMERAL})"
    r"(?![0-9岁天年月日周个件瓶折%斤期分号次码克小多来成一二三四五六七八九十])"
)
_COUNTED: Final = (
    r"(?:件|个(?!月|小时|钟|工作|星期|礼拜|半|多月|季度|年|百分)|瓶|支|只(?!有|能|要|是|想|用|会|剩|收)|双|盒|套(?!餐)|台(?![币山])|包(?!邮|括|裹|装|期|政策)"
    r"|箱|条|片|袋|罐|顶|副|颗|粒|把|桶|卷|块装|份)"
)
_QUANTITY: Final = re.compile(
    rf"{NOT_INSIDE}(?P<han>{NUMERAL}) ?{_COUNTED}"
    r"|(?<![a-z0-9])[×x*] ?(?P<times>[0-9]{1,4})(?![0-9a-z.])"
    rf"|(?<![a-z0-9.])(?P<english>{WORD}|[0-9]{{1,6}}) ?"
    r"(?:pieces?|pcs?|items?|bottles?|units?|pairs?|boxes|box|sets?|packs?|tubes?)(?![a-z])"
)


def amounts(text: str) -> Iterator[Found]:
    """Money and quantities in a text in normal form; finds may overlap.

    Values are decimal strings without superfluous zeros (250, 12.5); money other than yuan carries
    its ISO 4217 code (`5 USD`).
    """
    yield from _money(text)
    yield from _priced(text)
    for match in _QUANTITY.finditer(text):
        amount = numeral(match["han"] or match["times"] or match["english"])
        if amount is not None:
            yield Found("quantity", amount, match.start(), match.end(), Rank.PHRASE)


def _money(text: str) -> Iterator[Found]:
    for match in _MONEY.finditer(text):
        total, start = _total(match), match.start()
        if total is not None:
            if match["minus"] or match["below"] or match["minus_only"] or match["minus_fens"]:
                total = -total
            if match["sign"] and _LESS.search(text, max(0, start - 2), start):
                total, start = -total, start - 1
            code = _currency(match)
            value = f"{plain(total)} {code}" if code else plain(total)
            yield Found("money", value, start, match.end(), Rank.PHRASE)


def _priced(text: str) -> Iterator[Found]:
    """Numbers that are money for what stands before them: 满300减40, 预算500."""
    for match in _PRICED.finditer(text):
        amount = numeral(match["priced"]) if says_number(match["priced"]) else None
        if amount is not None:
            yield Found("money", amount, *match.span("priced"), Rank.PHRASE)


def _total(match: re.Match[str]) -> Decimal | None:
    """The amount: 三块五 is 3.5 and 三块半 as well; 五毛二分 follows as tenths and hundredths."""
    if match["only"]:
        tenths = decimal_of(match["only"])
        return None if tenths is None else tenths / 10 + _part(match["only_fen"], Decimal("0.01"))
    if match["fens"]:
        small = decimal_of(match["fens"])
        return None if small is None else small * change_of(match["foreign"] or "")
    written = match["after"] or match["before"] or match["word"]
    # 百万元 is a sum, though 百万 alone is none.
    written = f"0{written}" if written.startswith(".") else written
    whole = decimal_of(f"一{written}" if _LARGE.fullmatch(written) else written)
    if whole is None:
        return None
    if match["of"]:  # 三分之一块; 10/20元 is rather one of two sums
        parts = decimal_of(match["of"])
        if not parts:
            return None
        whole /= parts
    if match["large"]:
        whole *= 10**6 if match["large"].startswith((" m", "m")) else 10**9
    cents = decimal_of(match["cents"]) if match["cents"] else None
    if cents is not None and cents < 100:
        whole += cents / 100
    fen = match["fen"] or match["fen_left"] or match["hundredths"]
    jiao = match["jiao"] or ""  # 三块零五 are five fen
    tenth = Decimal("0.01" if jiao.startswith("零") and not match["jiao_said"] else "0.1")
    return whole + _part(match["jiao"], tenth) + _part(fen, Decimal("0.01"))


def _part(written: str | None, weight: Decimal) -> Decimal:
    if written is None:
        return Decimal(0)
    if written == "半":
        return 5 * weight
    return (decimal_of(written.lstrip("零") or "零") or Decimal(0)) * weight


def _currency(match: re.Match[str]) -> str:
    """The ISO code, empty for yuan: whoever writes $20 or 20刀 means what he says."""
    if match["foreign"]:
        return currency_of(match["foreign"])
    if match["sign"]:
        return currency_of(match["sign"]) or currency_of(match["said"] or "")
    return currency_of(match["unit"] or match["word_unit"] or "")
