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
    "L": "l 升",
    "寸": "寸",
    "码": "码",
    "mAh": "mah 毫安 毫安时",
    "Pa": "pa",
}
_MEASURES: Final = {
    "kg": "kg 公斤 千克", "mg": "mg 毫克", "μg": "微克 μg ug", "t": "吨 公吨", "斤": "斤 市斤",
    "两": "两", "磅": "磅 lb lbs", "oz": "盎司 oz", "m": "m 米 公尺", "cm": "cm 厘米 公分",
    "mm": "mm 毫米", "μm": "微米 μm", "dm": "分米", "km": "km 公里 千米", "尺": "尺",
    "里": "里路 华里",
    "英里": "英里 mile miles", "英寸": "英寸 inch inches", "英尺": "英尺 feet foot",
    "㎡": "㎡ 平方米 平米 m2",
    "km²": "平方公里 平方千米", "亩": "亩", "公顷": "公顷", "m³": "立方米 立方 m3",
    "kcal": "千卡 大卡 kcal",
    "cal": "卡路里 卡", "J": "焦耳", "kJ": "kj 千焦", "W": "瓦 瓦特", "kW": "kw 千瓦", "MW": "兆瓦",
    "kWh": "kwh 千瓦时 度电", "V": "伏 伏特", "A": "安培", "Hz": "hz 赫兹 赫",
    "kHz": "khz 千赫 千赫兹",
    "MHz": "mhz 兆赫 兆赫兹", "GHz": "ghz 吉赫 吉赫兹", "B": "字节", "KB": "kb 千字节",
    "MB": "mb 兆字节",
    "GB": "gb 吉字节", "TB": "tb 太字节", "bit": "比特", "Kbit": "千比特", "Mbit": "兆比特",
    "km/h": "km/h 千米每小时 公里每小时", "m/s": "m/s 米每秒", "°C": "°c ℃ 摄氏度 度c",
    "°F": "°f ℉ 华氏度 度f", "K": "开尔文", "°": "° 度",
}  # fmt: skip
_NOT_AFTER: Final = {
    "升": "级降值学职起", "码": "头数表字", "克": "拉服隆制", "米": "饭粉线色白油家",
    "两": "个件天年月日周块元万千百次位人斤三四家边者手样口只种条双全头",
    "卡": "片里住死号车通券包地",
    "度": "过假电数量日", "瓦": "片斯", "伏": "笔特", "尺": "码寸", "斤": "斤计", "里": "面",
    "亩": "产", "磅": "秤", "寸": "步照", "毫安": "时", "比特": "币",
}  # fmt: skip
_SYMBOLS: Final = {
    form: symbol
    for symbol, forms in (*_SIZES.items(), *_MEASURES.items())
    for form in forms.split()
}  # fmt: skip
_DIGITS_ONLY: Final = frozenset({"寸", "码"})


def _form(form: str) -> str:
    after = _NOT_AFTER.get(form, "")
    ends = r"(?![a-z0-9])" if form[-1].isascii() else ""
    return re.escape(form) + ends + (f"(?![{after}])" if after else "")


_UNIT: Final = "|".join(_form(form) for form in sorted(_SYMBOLS, key=len, reverse=True))
_MEASURED: Final = re.compile(
    rf"(?:(?P<scale>华氏|摄氏)(?:温度)?[是为]? ?)?{NOT_INSIDE}(?P<minus>零下|负|(?<![0-9a-z\-])-)?"
    rf"(?P<amount>{NUMERAL}) ?[多来余几]? ?(?P<unit>{_UNIT})"
    rf"(?:(?P<half>半)|(?<=米)(?P<more>[{HAN_DIGITS}0-9]{{1,2}})(?![{HAN_DIGITS}0-9十百千个件瓶条块]))?"
)
_AGE: Final = re.compile(
    rf"{NOT_INSIDE}(?P<amount>{NUMERAL}) ?(?:多|来)? ?"
    r"(?:(?P<unit>个?月|周|个?星期|天|年)大(?![小学家码件概])|周?岁(?P<half>半)?(?!月))"
)
_AGE_UNITS: Final = {"月": "M", "周": "W", "星期": "W", "天": "D", "年": "Y"}


def measures(text: str) -> Iterator[Found]:
    """Measures, sizes and ages in a text in normal form; finds may overlap.

    A value is a decimal and a symbol (`1.5kg`, `20°C`); an age an ISO 8601 duration (`P3Y`).
    """
    for match in _MEASURED.finditer(text):
        written, symbol = match["amount"], _SYMBOLS[match["unit"]]
        if match["unit"] in _DIGITS_ONLY and not written.isascii():
            continue
        if written[-1] in "千兆" and written[-1] + match["unit"] in _SYMBOLS:
            written, symbol = written[:-1], _SYMBOLS[written[-1] + match["unit"]]
        amount = decimal_of(written.strip())
        if amount is None:
            continue
        if symbol == "°" and match["scale"]:
            symbol = "°F" if match["scale"] == "华氏" else "°C"
        value = _with_rest(amount, match) * (-1 if match["minus"] else 1)
        kind = "size" if symbol in _SIZES else "measure"
        yield Found(kind, f"{plain(value)}{symbol}", match.start(), match.end(), Rank.PHRASE)
    for match in _AGE.finditer(text):
        age = decimal_of(match["amount"])
        if age is not None:
            age += Decimal("0.5") if match["half"] else 0
            letter = _AGE_UNITS[match["unit"].removeprefix("个")] if match["unit"] else "Y"
            yield Found("age", f"P{plain(age)}{letter}", match.start(), match.end(), Rank.PHRASE)


def _with_rest(amount: Decimal, match: re.Match[str]) -> Decimal:
    """十五斤半 and 一米七五: what follows the unit belongs to the amount."""
    if match["half"]:
        return amount + Decimal("0.5")
    if not match["more"]:
        return amount
    digits = "".join(plain(decimal_of(c) or Decimal(0)) for c in match["more"])
    return amount + Decimal(f"0.{digits}")
