"""Texts to vectors whose similarity can be compared with a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np

from knowledge.vectors import Encode, PassageVectors, Vectors, encode_texts, find_or_encode


class Meaning:
    """Encodes texts and takes away what all of them share.

    E5's vectors have a large common part, so that any two texts look alike; `mean` is that part,
    taken from sentences of general customer talk. Vectors are remembered by `kept`, under the same
    texts and fingerprint as the search's own.
    """

    def __init__(self, encode: Encode, *, kept: PassageVectors, encoder: str = "") -> None:
        self._encode = encode
        self._kept = kept
        self._encoder = encoder
        self._mean: Vectors | None = None

    def passing(self, texts: Sequence[str]) -> Vectors:
        """The same for texts that nobody will ask for again: nothing is remembered."""
        if not texts:
            return self.vectors(())
        rows = np.stack([known.sentence for known in encode_texts(self._encode, texts)])
        return self._centred(rows)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row a text (float32); an empty matrix for no texts."""
        if not texts:
            return np.zeros((0, 1), np.float32)
        return self._centred(self._raw(texts))

    @property
    def encoder(self) -> str:
        """The fingerprint of the encoder: vectors of another one cannot be compared with these."""
        return self._encoder

    def _centred(self, rows: Vectors) -> Vectors:
        if self._mean is None:
            self._mean = self._raw(_general_talk()).mean(axis=0)
        centred = rows - self._mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        unit: Vectors = (centred / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit

    def _raw(self, texts: Sequence[str]) -> Vectors:
        encoded = find_or_encode(texts, encode=self._encode, kept=self._kept, encoder=self._encoder)
        return np.stack([known.sentence for known in encoded])


@lru_cache(maxsize=1)
def _general_talk() -> tuple[str, ...]:
    text = resources.files("knowledge").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(line for line in text.splitlines() if line))
