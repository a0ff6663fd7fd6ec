"""Finds what is written in a fixed form: order and waybill numbers, phones, e-mail, cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.entity_phones import is_mobile, phones
from nlu.entity_urls import urls

# Every repetition below is bounded, so that each search is linear in the text.
_NO_DIGIT_BEFORE: Final = r"(?<![0-9])"
_NO_DIGIT_AFTER: Final = r"(?![0-9])"
_SEPARATOR: Final = re.compile(r"[ \-]+")
_ORDER: Final = re.compile(
    _NO_DIGIT_BEFORE + r"20[0-9]{2}(?:[ \-]{0,2}[0-9]){10}" + _NO_DIGIT_AFTER
)
_TAIL: Final = re.compile(r"(?<![0-9a-z.:/¥$\-])[0-9]{4}(?![0-9a-z:/%\-]|\.[0-9])")
_SPOKEN_TAIL: Final = re.compile(
    r"(?<![零〇一二三四五六七八九幺])[零〇一二三四五六七八九幺]{4}(?![零〇一二三四五六七八九幺十百千万])"
)
_SPOKEN_DIGITS: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_EMAIL: Final = re.compile(
    r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}@(?:[a-z0-9\-]{1,63}\.){1,6}[a-z]{2,24}(?![a-z0-9\-])"
)
_LOGIN: Final = re.compile(r"://[^ /@]{0,50}$")
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[a-hj-np-z][ ·.\-]?(?:[0-9a-hj-np-z]{4}[0-9a-hj-np-z挂学警]|[df][0-9a-hj-np-z][0-9]{4}"
    r"|[0-9]{5}[df])"
    r"(?![0-9a-z])"
)
_ID_CARD: Final = re.compile(_NO_DIGIT_BEFORE + r"[1-9](?:[ \-]?[0-9]){16} ?[0-9x](?![0-9a-z])")
_BANK_CARD: Final = re.compile(
    _NO_DIGIT_BEFORE
    + r"(?:[0-9]{15,19}|[0-9]{4}([ \-])[0-9]{4}\1[0-9]{4}\1[0-9]{3,7}(?:\1[0-9]{1,3})?)"
    + _NO_DIGIT_AFTER
)
_SAID_WAYBILL: Final = re.compile(
    r"(?:运单|快递单|物流单|快递|物流|邮件|tracking)(?:单?号|号码| number| no\.?)?"
    r"(?: ?是|为)?[ :，,]{0,3}"
    r"([0-9]{10,19}|[a-z]{2,4}[0-9]{9,18}[a-z]{0,2})(?![0-9a-z])"
)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"


def codes(text: str, *, waybill_prefixes: tuple[str, ...] = ()) -> Iterator[Found]:
    """Everything of a fixed form in a text in normal form; finds may still overlap."""
    yield from _emails(text)
    yield from urls(text)
    yield from _plates(text)
    orders = list(_orders(text))
    yield from orders
    yield from _waybills(text, waybill_prefixes, {(o.start, o.end) for o in orders})
    yield from phones(text)
    yield from _cards(text)
    yield from _tails(text)


def is_id_card(digits: str) -> bool:
    """Whether 18 characters are a resident identity number (GB 11643: a real date, MOD 11-2)."""
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == digits[17].upper()


def is_bank_card(digits: str) -> bool:
    """Whether 15 to 19 digits pass the check of ISO/IEC 7812 (Luhn) and are not all the same."""
    if not 15 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        # https://user:password@host is one address of a page.
        if not _LOGIN.search(text, max(0, match.start() - 64), match.start()):
            yield Found("email", match.group(), match.start(), match.end(), Rank.EMAIL)


def _plates(text: str) -> Iterator[Found]:
    for match in _PLATE.finditer(text):
        if any(c.isdigit() for c in match.group()):
            value = re.sub(r"[ ·.\-]", "", match.group()).upper()
            yield Found("plate", value, match.start(), match.end(), Rank.CODE)


def _orders(text: str) -> Iterator[Found]:
    for match in _ORDER.finditer(text):
        # 20 138 0000 0001 is no order; people group the digits of one by two or more.
        groups = _SEPARATOR.split(match.group())
        if min(len(group) for group in groups) >= 2:
            yield Found("order_id", "".join(groups), match.start(), match.end(), Rank.CODE)


def _waybills(
    text: str, prefixes: tuple[str, ...], orders: set[tuple[int, int]]
) -> Iterator[Found]:
    patterns = [(_SAID_WAYBILL, 1)]
    if prefixes:
        patterns.insert(0, (_waybill(prefixes), 0))
    for pattern, group in patterns:
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if (start, end) not in orders and not is_mobile(match.group(group)):
                value = _SEPARATOR.sub("", match.group(group)).upper()
                yield Found("tracking_no", value, start, end, Rank.CODE)


@lru_cache(maxsize=8)
def _waybill(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(prefix) for prefix in prefixes)
    return re.compile(rf"(?<![a-z0-9])(?:{either})[ \-]?[0-9](?:[ \-]?[0-9]){{9,17}}(?![0-9])")


def _cards(text: str) -> Iterator[Found]:
    for match in _ID_CARD.finditer(text):
        number = _SEPARATOR.sub("", match.group()).upper()
        if is_id_card(number):
            yield Found("id_card", number, match.start(), match.end(), Rank.CODE)
    for match in _BANK_CARD.finditer(text):
        number = _SEPARATOR.sub("", match.group())
        if is_bank_card(number) and not is_id_card(number):
            yield Found("bank_card", number, match.start(), match.end(), Rank.CODE)


def _tails(text: str) -> Iterator[Found]:
    """Four digits on their own: what a customer types when asked for the end of his number."""
    for match in _TAIL.finditer(text):
        yield Found("phone_tail", match.group(), match.start(), match.end(), Rank.BARE)
    for match in _SPOKEN_TAIL.finditer(text):
        digits = match.group().translate(_SPOKEN_DIGITS)
        yield Found("phone_tail", digits, match.start(), match.end(), Rank.BARE)
