"""The measure of likeness: which directions of the encoder's features tell one wish from another.

A linear discriminant (Fisher 1936; Rao 1948) fitted by `scripts/fit_knowledge_metric.py` on the
training messages of all packs, written for this project: what differs between two ways of saying
one thing counts little, what differs between two things counts much (docs/adr/0009).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Metric:
    """`mean` (1-d) is taken from features, `matrix` (features by dimensions) turns them.

    `token_dimension` tells the encoder whose features they are from others; `fingerprint` changes
    whenever the same features could give another vector.
    """

    mean: Vectors
    matrix: Vectors
    token_dimension: int
    fingerprint: str

    def fits(self, feature_dimension: int, token_dimension: int) -> bool:
        """Whether it was fitted for an encoder whose features and tokens have these lengths."""
        return (feature_dimension, token_dimension) == (len(self.mean), self.token_dimension)

    def meanings(self, features: Vectors) -> Vectors:
        """Features (2-d) to unit vectors, whose inner product is the likeness."""
        turned = ((features - self.mean) @ self.matrix).astype(np.float32)
        return _unit(turned)

    def sentences(self, features: Vectors) -> Vectors:
        """The sentence vectors (2-d, unit length), which are the first half of the features."""
        return _unit(features[:, : features.shape[1] // 2])


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


@lru_cache(maxsize=1)
def default_metric() -> Metric:
    """The metric that comes with the package, for the built-in encoder's features."""
    with resources.files("knowledge").joinpath("metric.npz").open("rb") as file:
        stored = np.load(file)
        mean, matrix, tokens = stored["mean"], stored["matrix"], int(stored["token_dimension"])
    fingerprint = hashlib.sha256(mean.tobytes() + matrix.tobytes()).hexdigest()[:8]
    return Metric(mean.astype(np.float32), matrix.astype(np.float32), tokens, fingerprint)
