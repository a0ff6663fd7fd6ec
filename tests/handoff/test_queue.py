from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.queue import URGENT_LEAD, ranked_at
from handoff.reason import Reason
from tests.fakes import NOW

A_MOMENT = timedelta(seconds=1)


def test_what_is_urgent_goes_before_those_who_came_a_little_earlier() -> None:
    waiting = ranked_at(NOW - URGENT_LEAD + A_MOMENT, Reason.ASKED_FOR_HUMAN)
    assert ranked_at(NOW, Reason.URGENT) < waiting


def test_nobody_is_overtaken_by_what_comes_more_than_the_lead_later() -> None:
    waiting = ranked_at(NOW - URGENT_LEAD - A_MOMENT, Reason.ASKED_FOR_HUMAN)
    assert waiting < ranked_at(NOW, Reason.URGENT)


@pytest.mark.parametrize("reason", [None, *Reason])
def test_of_two_for_the_same_reason_the_one_who_came_first_is_first(reason: Reason | None) -> None:
    assert ranked_at(NOW, reason) < ranked_at(NOW + A_MOMENT, reason)


@pytest.mark.parametrize("reason", [None, *(r for r in Reason if r is not Reason.URGENT)])
def test_only_what_is_urgent_has_a_head_start(reason: Reason | None) -> None:
    assert ranked_at(NOW, reason) == NOW
