"""The nearest vectors: found exactly, or nearly so in a graph, and never outside the filter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from knowledge.vector_index import (
    FlatIndex,
    HnswIndex,
    VectorIndex,
    VectorIndexKind,
    make_vector_index,
)
from knowledge.vectors import Vectors


def unit_rows(count: int, size: int) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(params=[FlatIndex, HnswIndex])
def make(request: pytest.FixtureRequest) -> Callable[[Vectors], VectorIndex]:
    return request.param


@pytest.mark.parametrize("every", [1, 3, 25])
def test_the_nearest_allowed_vectors_are_found(
    make: Callable[[Vectors], VectorIndex], every: int
) -> None:
    rows = unit_rows(50, 8)
    allowed = np.arange(50) % every == 0
    exact = [place for place in np.argsort(-rows @ rows[7]) if allowed[place]]
    index = make(rows)
    assert list(index.search(rows[7], limit=5, allowed=allowed)) == exact[:5]
    assert len(index.search(rows[7], limit=40, allowed=allowed)) == min(40, allowed.sum())
    assert np.allclose(index.similar(rows[7], np.array([3, 7])), rows[[3, 7]] @ rows[7])


@pytest.mark.parametrize("share", [1.0, 0.5, 0.16, 0.02])
def test_the_graph_finds_nearly_all_of_the_nearest_under_any_filter(share: float) -> None:
    rows = unit_rows(4000, 24)
    allowed = np.random.default_rng(1).random(4000) < share
    graph, exact = HnswIndex(rows), FlatIndex(rows)
    found = [
        len(
            np.intersect1d(
                graph.search(row, limit=10, allowed=allowed),
                exact.search(row, limit=10, allowed=allowed),
            )
        )
        for row in unit_rows(40, 24)
    ]
    assert np.mean(found) >= 9.8


def test_few_vectors_are_looked_at_one_by_one_and_many_in_a_graph() -> None:
    assert isinstance(make_vector_index(unit_rows(100, 4)), FlatIndex)
    assert isinstance(make_vector_index(unit_rows(100, 4), VectorIndexKind.HNSW), HnswIndex)
