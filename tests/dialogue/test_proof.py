from __future__ import annotations

import pytest

from dialogue.proof import owns
from tests.fakes import demo_orders

ORDER = demo_orders()["20261101000001"]


@pytest.mark.parametrize("phone", ["0001", "13800000001"])
def test_the_last_digits_or_the_whole_number_prove_the_owner(phone: str) -> None:
    assert owns(ORDER, phone)


@pytest.mark.parametrize("phone", [None, "", "1", "001", "0002", "13900000001"])
def test_nothing_else_does(phone: str | None) -> None:
    assert not owns(ORDER, phone)


def test_an_order_that_does_not_exist_has_no_owner() -> None:
    assert not owns(None, "0001")
