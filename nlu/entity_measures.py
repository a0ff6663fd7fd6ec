"""Finds measures (1.5公斤, 身高一米七五, 20°C), sizes by measure (50ml, 42码) and ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.entity_numbers import NOT_INSIDE
from nlu.entity_numerals import HAN_DIGITS, NUMERAL, decimal_of, plain

_SIZES: Final = {
    "ml": "ml 毫升",
    "g": "g 克",
    "L": "l 升 公升",
    "寸": "寸",
    "码": "码",
    "mAh": "mah 毫安 毫安时",
    "Pa": "pa",
}
_MEASURES: Final = {
    "kg": "kg 公斤 千克", "mg": "mg 毫克", "μg": "微克 μg ug", "t": "吨 公吨", "斤": "斤 市斤",
    "两": "两 市两", "钱": "市钱", "磅": "磅 lb lbs", "oz": "盎司 安士 oz", "克拉": "克拉 ct",
    "英石": "英石", "英吨": "英吨 长吨", "担": "市担", "m": "m 米 公尺",
    "cm": "cm 厘米 公分 釐米", "mm": "mm 毫米 公厘", "μm": "微米 μm", "nm": "纳米 nm",
    "pm": "皮米", "dm": "分米 公寸", "km": "km 公里 千米", "丈": "丈", "尺": "尺 市尺",
    "市寸": "市寸", "里": "里路 华里 市里", "英里": "英里 哩 mile miles",
    "英寸": "英寸 英吋 吋 inch inches", "英尺": "英尺 呎 feet foot", "yd": "英码 yard yards",
    "海里": "海里 浬", "光年": "光年", "㎡": "㎡ 平方米 平方公尺 平米 平方 m2",
    "km²": "平方公里 平方千米 km2", "dm²": "平方分米", "cm²": "平方厘米 平方公分 cm2",
    "mm²": "平方毫米 mm2", "平方英尺": "平方英尺 平方呎", "平方英寸": "平方英寸",
    "平方英里": "平方英里", "平方码": "平方码", "英亩": "英亩", "公亩": "公亩", "亩": "亩 市亩",
    "公顷": "公顷",
    "坪": "坪", "m³": "立方米 立方公尺 立方 m3", "dm³": "立方分米",
    "cm³": "立方厘米 立方公分 cc cm3", "mm³": "立方毫米", "立方英尺": "立方英尺",
    "立方英寸": "立方英寸", "加仑": "加仑", "品脱": "品脱", "夸脱": "夸脱", "液盎司": "液盎司",
    "斗": "市斗", "石": "市石", "kcal": "千卡 大卡 kcal", "cal": "卡路里 卡", "J": "焦耳 焦",
    "kJ": "kj 千焦 千焦耳", "W": "瓦 瓦特", "kW": "kw 千瓦", "MW": "兆瓦", "hp": "马力 匹马力",
    "kWh": "kwh 千瓦时 度电", "V": "伏 伏特 v", "kV": "千伏 kv", "A": "安培", "mA": "毫安培 ma",
    "Ω": "欧姆 ω", "N": "牛顿", "kPa": "千帕 kpa", "MPa": "兆帕 mpa", "dB": "分贝 db",
    "Hz": "hz 赫兹 赫", "kHz": "khz 千赫 千赫兹", "MHz": "mhz 兆赫 兆赫兹",
    "GHz": "ghz 吉赫 吉赫兹", "B": "字节", "KB": "kb 千字节", "MB": "mb 兆字节",
    "GB": "gb 吉字节 千兆字节", "TB": "tb 太字节 兆兆字节", "PB": "拍字节 pb", "bit": "比特",
    "Kbit": "千比特", "Mbit": "兆比特", "Gbit": "吉比特 千兆比特", "Mbps": "mbps mb/s 兆每秒",
    "Gbps": "gbps",
    "km/h": "km/h", "mph": "mph", "迈": "迈", "m/s": "m/s", "km/s": "km/s",
    "°C": "°c ℃ 摄氏度 摄氏温度 度c", "°F": "°f ℉ 华氏度 华氏温度 度f",
    "K": "开尔文 开氏度 凯氏度 开氏温度", "°": "° 度", "rad": "弧度",
}  # fmt: skip
_NOT_AFTER: Final = {
    "升": "级降值学职起", "码": "头数表字", "克": "拉服隆制朗", "米": "饭粉线色白油家其利",
    "两": "个件天年月日周块元万千百次位人斤三四家边者手样口只种条双全头岁点箱瓶盒袋套",
    "卡": "片里住死号车通券包地", "迈": "过入向出克进", "度": "过假电数量日", "瓦": "片斯",
    "伏": "笔特", "尺": "码寸", "斤": "斤计", "里": "面", "亩": "产", "磅": "秤", "寸": "步照",
    "毫安": "时", "比特": "币", "焦": "虑急点", "坪": "坝", "丈": "夫母人", "立方": "根体",
    "平方": "根",
}  # fmt: skip
_SYMBOLS: Final = {
    form: symbol
    for symbol, forms in (*_SIZES.items(), *_MEASURES.items())
    for form in forms.split()
}  # fmt: skip
_SPEEDS: Final = {"英里/h": "mph", "英尺/s": "ft/s", "英尺/h": "ft/h", "英尺/min": "ft/min"}
_DIGITS_ONLY: Final = frozenset({"寸", "码"})


def _form(form: str) -> str:
    after = _NOT_AFTER.get(form, "")
    ends = r"(?![a-z0-9])" if form[-1].isascii() else ""
    return re.escape(form) + ends + (f"(?![{after}])" if after else "")


_UNIT: Final = "|".join(_form(form) for form in sorted(_SYMBOLS, key=len, reverse=True))
_MEASURED: Final = re.compile(
    r"(?:(?P<scale>华氏|摄氏|开氏|凯氏)(?:温度)?[是为]? ?"
    r"|(?P<speed>每小时|时速|每秒钟?|每分钟)[是为约达跑走]? ?)?"
    rf"{NOT_INSIDE}(?P<minus>零下|负|(?<![0-9a-z\-])-)?"
    rf"(?:(?P<below>{NUMERAL}) ?分之 ?|(?P<over>[0-9]{{1,4}})/)?"
    rf"(?P<amount>{NUMERAL}) ?[多来余几]? ?(?P<unit>{_UNIT})"
    r"(?:(?<=[里米尺寸码m]) ?[每/] ?(?P<per>小时|时|分钟?|秒钟?|[hs](?![a-z])|min(?![a-z])))?"
    rf"(?:(?P<half>半)|(?<=[米度])(?P<more>[{HAN_DIGITS}0-9]{{1,2}})"
    rf"(?![{HAN_DIGITS}0-9十百千个件瓶条块天])|(?:零|又)?(?P<rest>{NUMERAL}) ?"
    rf"(?P<lesser>两|寸|英寸|吋)(?![{_NOT_AFTER['两']}{_NOT_AFTER['寸']}]))?"
)
_LESSER: Final = {("斤", "两"): 10, ("尺", "寸"): 10, ("英尺", "英寸"): 12, ("英尺", "吋"): 12}
_AGE: Final = re.compile(
    rf"{NOT_INSIDE}(?P<amount>{NUMERAL}) ?(?:多|来)? ?(?P<and_half>个半(?=月))?"
    r"(?:(?P<unit>个?月|周|个?星期|天|年)大(?![小学家码件概])|周?岁(?P<half>半)?(?!月))"
)
_AGE_UNITS: Final = {"月": "M", "周": "W", "星期": "W", "天": "D", "年": "Y"}


def measures(text: str) -> Iterator[Found]:
    """Measures, sizes and ages in a text in normal form; finds may overlap.

    A value is a decimal and a symbol (`1.5kg`, `20°C`); an age an ISO 8601 duration (`P3Y`).
    """
    for match in _MEASURED.finditer(text):
        yield from _measure(match)
    for match in _AGE.finditer(text):
        age = decimal_of(match["amount"])
        if age is not None:
            age += Decimal("0.5") if match["half"] or match["and_half"] else 0
            letter = _AGE_UNITS[match["unit"].removeprefix("个")] if match["unit"] else "Y"
            yield Found("age", f"P{plain(age)}{letter}", match.start(), match.end(), Rank.PHRASE)


def _measure(match: re.Match[str]) -> Iterator[Found]:
    written, symbol = match["amount"], _SYMBOLS[match["unit"]]
    if match["unit"] in _DIGITS_ONLY and not written.isascii():
        return
    for length in (2, 1):  # 五十兆字节 are not fifty billion bytes
        if written[-length:] + match["unit"] in _SYMBOLS and len(written) > length:
            symbol = _SYMBOLS[written[-length:] + match["unit"]]
            written = written[:-length]
            break
    if symbol == "°" and match["scale"]:
        symbol = {"华氏": "°F", "摄氏": "°C"}.get(match["scale"], "K")
    symbol = _by_time(symbol, match)
    amount = _share(match, decimal_of(written.strip()))
    value = None if amount is None else _with_rest(amount, match, symbol)
    if value is not None:
        value = -value if match["minus"] else value
        kind = "size" if symbol in _SIZES else "measure"
        yield Found(kind, f"{plain(value)}{symbol}", match.start(), match.end(), Rank.PHRASE)


def _by_time(symbol: str, match: re.Match[str]) -> str:
    """时速60公里 and 每秒3米 are speeds."""
    if match["per"]:
        per = {"小": "h", "时": "h", "h": "h", "分": "min", "m": "min"}.get(match["per"][0], "s")
        return _SPEEDS.get(f"{symbol}/{per}", f"{symbol}/{per}")
    per = {"每秒": "s", "每分": "min"}.get((match["speed"] or "")[:2], "h")
    if not match["speed"] or symbol not in {"km", "m", "英里", "英尺"}:
        return symbol
    return _SPEEDS.get(f"{symbol}/{per}", f"{symbol}/{per}")


def _share(match: re.Match[str], amount: Decimal | None) -> Decimal | None:
    """三分之一公斤 and 1/2升."""
    if amount is None or not (match["below"] or match["over"]):
        return amount
    above, under = (
        (amount, decimal_of(match["below"])) if match["below"] else (Decimal(match["over"]), amount)
    )
    return above / under if under else None


def _with_rest(amount: Decimal, match: re.Match[str], symbol: str) -> Decimal | None:
    """十五斤半, 一米七五 and 三斤二两: what follows the unit belongs to the amount."""
    if match["half"]:
        return amount + Decimal("0.5")
    if match["rest"]:
        share, rest = _LESSER.get((symbol, match["lesser"])), decimal_of(match["rest"])
        return None if share is None or rest is None else amount + rest / share
    if not match["more"]:
        return amount
    digits = "".join(plain(decimal_of(c) or Decimal(0)) for c in match["more"])
    return amount + Decimal(f"0.{digits}")
