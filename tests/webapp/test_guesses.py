"""Wrong proofs are bounded at one order and from one address."""

from __future__ import annotations

from tests.fakes import NOW
from webapp import guesses
from webapp.db.database import Database
from webapp.guesses import MOST, MOST_FROM_ONE_ADDRESS, Guess

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
LAST = Guess("last", right=False)


def guess_often(db: Database, times: int, *, orders: int, address: str | None) -> None:
    with db.write() as work:
        for number in range(times):
            wrong = Guess(f"order-{number % orders}", right=False)
            guesses.note(work, wrong, address=address, now=NOW)


def test_one_address_may_guess_at_many_orders_only_so_often(db: Database) -> None:
    guess_often(db, MOST_FROM_ONE_ADDRESS - 1, orders=100, address=HERE)
    with db.read() as work:
        assert not guesses.are_too_many(work, LAST, address=HERE, now=NOW)
    guess_often(db, 1, orders=1, address=HERE)
    with db.read() as work:
        assert guesses.are_too_many(work, LAST, address=HERE, now=NOW)
        assert not guesses.are_too_many(work, LAST, address=ELSEWHERE, now=NOW)


def test_being_right_at_an_order_of_ones_own_excuses_nothing_elsewhere(db: Database) -> None:
    guess_often(db, MOST_FROM_ONE_ADDRESS, orders=100, address=HERE)
    with db.write() as work:
        guesses.note(work, Guess("mine", right=True), address=HERE, now=NOW)
        assert guesses.are_too_many(work, LAST, address=HERE, now=NOW)


def test_without_an_address_the_order_alone_is_counted(db: Database) -> None:
    guess_often(db, MOST, orders=1, address=None)
    with db.read() as work:
        assert guesses.are_too_many(work, Guess("order-0", right=False), address=None, now=NOW)
        assert not guesses.are_too_many(work, LAST, address=None, now=NOW)
