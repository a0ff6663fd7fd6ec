"""Finds money and quantities, written in digits, Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.entity_numbers import NOT_INSIDE, says_number
from nlu.entity_numerals import (
    HAN_DIGITS,
    NUMERAL,
    WORD,
    decimal_of,
    numeral,
    plain,
)

_CURRENCIES: Final = {
    "CNY": "块钱|元钱|块|元人民币|元|圆|rmb|人民币元?|yuan|cny",
    "USD": "[元块]?美元|[元块]?美金|美刀|美圆|刀|us dollars?|dollars?|bucks|usd",
    "HKD": "元?港币|港元|港纸|hkd",
    "TWD": "新台币|台币|台元|twd",
    "MOP": "澳门元|澳门币|葡币",
    "JPY": "日元|日币|日圆|円|jpy|yen",
    "EUR": "欧元|欧(?![元洲美式盟莱阳姆泊派亚])|euros?|eur",
    "GBP": "英镑|pounds?|gbp",
    "KRW": "韩元|韩币|krw",
    "AUD": "澳元|澳币|aud",
    "CAD": "加元|加币|cad",
    "SGD": "新加坡元|新币|坡币|sgd",
    "CHF": "瑞士法郎|法郎|瑞郎|chf",
    "RUB": "卢布|rub",
    "INR": "印度卢比|卢比|inr",
    "THB": "泰铢|thb",
    "MYR": "林吉特|马币|令吉|myr",
    "VND": "越南盾|vnd",
    "NGN": "奈拉",
    "NZD": "新西兰元|纽币|nzd",
    "SEK": "瑞典克朗",
    "NOK": "挪威克朗",
    "DKK": "丹麦克朗",
    "PHP": "菲律宾比索|比索",
    "MXN": "墨西哥比索",
    "BRL": "巴西雷亚尔|雷亚尔",
    "ZAR": "兰特",
    "TRY": "土耳其里拉|里拉",
    "AED": "迪拉姆",
    "SAR": "里亚尔",
    "IDR": "印尼盾|印尼卢比",
    "PLN": "兹罗提",
    "ILS": "谢克尔",
    "EGP": "埃及镑",
    "PKR": "巴基斯坦卢比",
    "BTC": "个?比特币|btc",
}
_CODES: Final = {code: re.compile(f"(?:{names})") for code, names in _CURRENCIES.items()}
_SIGNS: Final = {
    "¥": "", "rmb": "", "cny": "", "人民币": "", "$": "USD", "us$": "USD", "usd": "USD",
    "hk$": "HKD", "hkd": "HKD", "nt$": "TWD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
    "jpy": "JPY", "₩": "KRW", "美元": "USD", "港币": "HKD", "欧元": "EUR", "英镑": "GBP",
    "日元": "JPY",
}  # fmt: skip
_NAMED_SIGNS: Final = {
    name: code
    for code, names in _CURRENCIES.items()
    for name in names.split("|")
    if len(name) > 1
    and not name.isascii()
    and code not in {"CNY", "BTC"}
    and "?" not in name
    and "[" not in name
}
_SIGN: Final = "|".join(re.escape(s) for s in sorted(_SIGNS | _NAMED_SIGNS, key=len, reverse=True))
_UNIT: Final = (
    "(?:" + "|".join(sorted("|".join(_CURRENCIES.values()).split("|"), key=len, reverse=True))
    + ")(?![a-z])"
)  # fmt: skip
_SMALL: Final = rf"[0-9{HAN_DIGITS}半]"
_MONEY: Final = re.compile(
    rf"(?:(?<![a-z])(?P<sign>{_SIGN}) ?(?P<after>{NUMERAL})(?![0-9%])(?: ?(?P<said>{_UNIT}))?)"
    rf"|{NOT_INSIDE}(?P<before>{NUMERAL}) ?[多来余]? ?(?P<unit>{_UNIT})"
    rf"(?: ?(?:又|零)? ?(?P<cents>{NUMERAL}) ?(?:美分|欧分|便士|日本?钱|日本銭|銭))?"
    rf"(?:(?<=[块元圆钱]) ?(?P<jiao>零?{_SMALL}) ?(?P<jiao_said>毛|角)?"
    rf"(?: ?(?P<fen>{_SMALL}) ?分)?(?![0-9一二三四五六七八九十百千万件个瓶盒次天年月日%元块]))?"
    rf"|{NOT_INSIDE}(?P<only>{NUMERAL}) ?(?:毛钱?|角钱?)(?![a-z])(?: ?(?P<only_fen>{_SMALL}) ?分)?"
    rf"|{NOT_INSIDE}(?P<fens>{NUMERAL}) ?(?:分钱|(?P<foreign>美分|欧分|便士))"
    rf"|{NOT_INSIDE}(?P<word>{WORD}) (?P<word_unit>dollars?|bucks|yuan|euros?|pounds?)(?![a-z])"
)
_LARGE: Final = re.compile(r"[百千][万亿]")
_PRICED: Final = re.compile(
    rf"(?:满|减|预算|便宜|优惠|降了|才卖|卖|多扣了?我?|付了)(?P<priced>{NUMERAL})"
    r"(?![0-9岁天年月日周个件瓶折%斤期分号次码克小多来成一二三四五六七八九十])"
)
_COUNTED: Final = (
    r"(?:件|个(?!月|小时|钟|工作|星期|礼拜|半|多月|季度|年|百分)|瓶|支|只(?!有|能|要|是|想|用|会|剩|收)|双|盒|套(?!餐)|台(?!币)|包(?!邮|括|裹|装|期|政策)"
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
        total = _total(match)
        if total is not None:
            code = _currency(match)
            value = f"{plain(total)} {code}" if code else plain(total)
            yield Found("money", value, match.start(), match.end(), Rank.PHRASE)


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
        return _part(match["fens"], Decimal("0.01"))
    written = match["after"] or match["before"] or match["word"]
    # 百万元 is a sum, though 百万 alone is none.
    whole = decimal_of(f"一{written}" if _LARGE.fullmatch(written) else written)
    if whole is None:
        return None
    cents = decimal_of(match["cents"]) if match["cents"] else None
    if cents is not None and cents < 100:
        whole += cents / 100
    return whole + _part(match["jiao"], Decimal("0.1")) + _part(match["fen"], Decimal("0.01"))


def _part(written: str | None, weight: Decimal) -> Decimal:
    if written is None:
        return Decimal(0)
    if written == "半":
        return 5 * weight
    return (decimal_of(written.lstrip("零") or "零") or Decimal(0)) * weight


def _currency(match: re.Match[str]) -> str:
    """The ISO code, empty for yuan: whoever writes $20 or 20刀 means what he says."""
    if match["foreign"]:
        return {"美分": "USD", "欧分": "EUR", "便士": "GBP"}[match["foreign"]]
    if match["sign"]:
        named = (_SIGNS | _NAMED_SIGNS)[match["sign"]]
        return named or _code(match["said"] or "")
    return _code(match["unit"] or match["word_unit"] or "")


def _code(unit: str) -> str:
    code = next((code for code, names in _CODES.items() if names.fullmatch(unit)), "CNY")
    return "" if code == "CNY" else code
