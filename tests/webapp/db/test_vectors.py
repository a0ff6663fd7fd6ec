"""Vectors of passages: many at a time, kept once, by several processes at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from webapp.db.database import Database


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
