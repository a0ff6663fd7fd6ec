"""Talks with the bot about the demo shop's orders."""

from __future__ import annotations

from dialogue.customer import Customer
from dialogue.turn import Turn
from handoff.reason import Reason
from tests.fakes import NOBODY, Talk, hit, make_bot

SERUM, CLEANSER, BUDS = "20261101000001", "20261101000002", "20261101000003"
REFUNDING, CANCELLED, ROBOT = "20261101000004", "20261101000005", "20261101000006"
FEES = {"运费多少": hit("运费标准", "满 99 元包邮。")}
NOT_SHOWN = ("烟酰胺精华", "顺丰", "已发货")


def make_talk(customer: Customer = NOBODY, **options: object) -> Talk:
    return Talk(make_bot(**options), customer)  # type: ignore[arg-type]  # options of make_bot


def reason_of(turn: Turn) -> Reason | None:
    return turn.handoff.reason if turn.handoff is not None else None


def returning(*texts: str, **options: object) -> tuple[Talk, Turn]:
    talk = make_talk(**options)  # type: ignore[arg-type]
    talk.says("我要退货", BUDS)
    for text in ("0002", *texts):
        turn = talk.say(text)
    return talk, turn
