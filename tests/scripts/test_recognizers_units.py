"""Sums of money of another library's cases, in our form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from recognizers_units import money_of


@pytest.mark.parametrize(
    ("value", "unit", "code", "amount"),
    [
        ("5", "Chinese yuan", "CNY", ("5", "CNY")),
        ("12.5", "Chinese yuan", "", ("12.5", "CNY")),
        ("5", "Jiao", "", ("0.5", "CNY")),
        ("30", "Cent", "", ("0.3", "USD")),
        ("7", "Millime", "", ("0.007", "TND")),
        ("5", "Jiao", "CNY", ("5", "CNY")),  # with a code it is said in the currency already
        ("3", "Pound", "", ("3", "GBP")),
        ("3", "Tuvaluan dollar", "TVD", ("3", "AUD")),  # no ISO code
        ("3", "Galleon", "", ("3", "Galleon")),
    ],
)
def test_money_has_an_iso_code_and_small_change_is_part_of_it(
    value: str, unit: str, code: str, amount: tuple[str, str]
) -> None:
    assert money_of(value, unit, code) == (Decimal(amount[0]), amount[1])
