"""Vectors of passages: many at a time, kept once, by several processes at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from webapp.db.database import Database
from webapp.publish import StoredVectors

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def hash_of(number: int) -> str:
    return f"{number:064x}"


def test_vectors_are_found_by_the_text_and_its_encoder(db: Database) -> None:
    stored = {hash_of(n): np.full(3, n, np.float32) for n in range(1200)}
    with db.write() as work:
        work.vectors.put(stored, encoder="one")
    with db.read() as work:
        found = work.vectors.find([*stored, hash_of(5000)], encoder="one")
        other = work.vectors.find(list(stored), encoder="two")
    assert found.keys() == stored.keys()
    assert all(np.array_equal(found[key], stored[key]) for key in stored)
    assert other == {}


def test_the_same_text_again_changes_nothing(db: Database) -> None:
    with db.write() as work:
        work.vectors.put({hash_of(1): np.ones(2, np.float32)}, encoder="one")
    with db.write() as work:
        again = {hash_of(1): np.zeros(2, np.float32), hash_of(2): np.zeros(2, np.float32)}
        work.vectors.put(again, encoder="one")
    with db.read() as work:
        found = work.vectors.find([hash_of(1), hash_of(2)], encoder="one")
    assert found[hash_of(1)].tolist() == [1, 1]
    assert found[hash_of(2)].tolist() == [0, 0]


def test_nothing_to_keep_is_kept_without_complaint(db: Database) -> None:
    with db.write() as work:
        work.vectors.put({}, encoder="one")
        assert work.vectors.find([], encoder="one") == {}


def test_two_that_keep_the_same_vectors_in_opposite_orders_both_get_through(db: Database) -> None:
    numbers = list(range(2000))
    gate = threading.Barrier(2)

    def put(order: list[int]) -> None:
        gate.wait(timeout=30)
        with db.write() as work:
            vectors = {hash_of(n): np.full(2, n, np.float32) for n in order}
            work.vectors.put(vectors, encoder="one")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(put, numbers), pool.submit(put, numbers[::-1])]:
            done.result(timeout=60)
    with db.read() as work:
        assert len(work.vectors.find([hash_of(n) for n in numbers], encoder="one")) == 2000


@pytest.fixture
def unused(db: Database) -> Database:
    """Three vectors of two encoders, and nothing needs them."""
    return with_unused(db)


def with_unused(db: Database) -> Database:
    with db.write() as work:
        for number, encoder in ((1, "one"), (1, "two"), (2, "one")):
            work.vectors.put({hash_of(number): np.ones(2, np.float32)}, encoder=encoder)
        keys = [row.key for row in work.vectors.kept(after=("", ""), limit=10)]
        work.vectors.note_unused(keys, now=NOW)
    return db


def kept(db: Database) -> list[tuple[str, str]]:
    with db.read() as work:
        return [row.key for row in work.vectors.kept(after=("", ""), limit=10)]


def remove(db: Database) -> int:
    with db.write() as work:
        return work.vectors.remove_unused(before=LATER, limit=10)


def test_what_is_kept_is_read_in_parts_by_its_key(unused: Database) -> None:
    with unused.read() as work:
        first = work.vectors.kept(after=("", ""), limit=2)
        rest = work.vectors.kept(after=first[-1].key, limit=2)
    keys = [row.key for row in (*first, *rest)]
    assert keys == [(hash_of(1), "one"), (hash_of(1), "two"), (hash_of(2), "one")]
    assert all(row.noted for row in (*first, *rest))


def test_what_is_put_again_is_used_of_that_encoder(unused: Database) -> None:
    with unused.write() as work:
        work.vectors.put({hash_of(1): np.ones(2, np.float32)}, encoder="one")
    assert remove(unused) == 2
    assert kept(unused) == [(hash_of(1), "one")]


def test_what_is_found_by_who_wants_to_use_it_is_used(unused: Database) -> None:
    assert StoredVectors(unused).find([hash_of(2), hash_of(3)], encoder="one").keys() == {
        hash_of(2)
    }
    assert remove(unused) == 2
    assert kept(unused) == [(hash_of(2), "one")]


def test_what_somebody_is_about_to_use_is_not_removed(postgres_db: Database) -> None:
    db = with_unused(postgres_db)
    with db.write() as user:
        user.vectors.note_used([hash_of(1)], encoder="two")
        assert remove(db) == 2
    assert kept(db) == [(hash_of(1), "two")]


def test_who_finds_what_is_being_removed_waits_and_then_does_not_find_it(
    postgres_db: Database,
) -> None:
    db = with_unused(postgres_db)
    with ThreadPoolExecutor(1) as pool:
        with db.write() as remover:
            remover.vectors.remove_unused(before=LATER, limit=10)
            finding = pool.submit(StoredVectors(db).find, [hash_of(1)], encoder="one")
        assert finding.result(timeout=60) == {}


def test_who_puts_what_is_being_removed_keeps_it(postgres_db: Database) -> None:
    db = with_unused(postgres_db)
    vectors = {hash_of(1): np.ones(2, np.float32)}
    with ThreadPoolExecutor(1) as pool:
        with db.write() as remover:
            remover.vectors.remove_unused(before=LATER, limit=10)
            putting = pool.submit(StoredVectors(db).put, vectors, encoder="one")
        putting.result(timeout=60)
    assert kept(db) == [(hash_of(1), "one")]
