"""Personal numbers shown by their ends only, to those who do not need them whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ID_CARD = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_BANK_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2,3}[ -]?\d{1,4}(?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONG_NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\d*]{5,}[0-9Xx]*|\w\*\*\*@[\w.\-]+|\*{4,}\d*")

# An order number may have the shape of a card number; a slot's name tells them apart.
_NUMBERS_OF_THE_SHOP = frozenset({"order_id", "tracking_id", "refund_id", "ticket_id"})


def mask_phone(phone: str) -> str:
    """First three and last four digits; a shorter number loses everything but its last two."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_email(email: str) -> str:
    """First character and the domain."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}***{at}{domain}"


def mask_text(text: str) -> str:
    """The text with phone, identity-card and bank-card numbers and e-mail addresses masked."""
    text = _EMAIL.sub(lambda m: mask_email(m.group()), text)
    text = _ID_CARD.sub(lambda m: m.group()[:3] + "*" * 11 + m.group()[-4:], text)
    text = _BANK_CARD.sub(lambda m: "*" * (len(m.group()) - 4) + m.group()[-4:], text)
    return _PHONE.sub(lambda m: mask_phone(m.group()), text)


def mask_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The same of named values; the shop's own numbers stay readable."""
    return {
        name: value if name in _NUMBERS_OF_THE_SHOP else mask_text(value)
        for name, value in fields.items()
    }


def without_numbers(text: str) -> str:
    """The text for keeping as knowledge: what `mask_text` masks is gone altogether, and so is
    every other long number, be it an order's or an account's."""
    return _LONG_NUMBER.sub("…", mask_text(text))
