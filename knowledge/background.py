"""How general talk looks to the encoder: the zero that similarities are measured from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from knowledge.vectors import Encode, PassageVectors, Vectors, find_or_encode, text_hash

_HUB_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Background:
    """Sentences of general customer talk.

    Vectors of one encoder share a common part, which hides differences; `mean` (1-d) is that part
    as general talk has it, so that it does not depend on the articles. `vectors` (2-d) are the
    sentences without it.
    """

    mean: Vectors
    vectors: Vectors

    def centred(self, vectors: Vectors) -> Vectors:
        """The vectors (2-d) without the common part, of unit length again."""
        return _unit(vectors - self.mean)

    def nearness(self, centred: Vectors) -> float:
        """For a centred vector (1-d), its mean similarity to the nearest sentences of general talk:
        what is near to everything says little (hubness: Radovanović et al. 2010; the correction is
        that of CSLS, Lample et al. 2018).
        """
        return float(np.sort(self.vectors @ centred)[-_HUB_NEIGHBOURS:].mean())


def load_background(*, encode: Encode, kept: PassageVectors, encoder: str) -> Background:
    """The sentences that come with the package, as this encoder sees them."""
    stored = find_or_encode(background_sentences(), encode=encode, kept=kept, encoder=encoder)
    rows = np.stack([vectors.sentence for vectors in stored])
    mean = rows.mean(axis=0)
    return Background(mean, _unit(rows - mean))


@lru_cache(maxsize=1)
def background_fingerprint() -> str:
    """Names the sentences: vectors that were centred by others cannot be compared."""
    return text_hash("\n".join(background_sentences()))[:12]


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


@lru_cache(maxsize=1)
def background_sentences() -> tuple[str, ...]:
    """The sentences of general talk that come with the package."""
    text = resources.files("knowledge").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(line for line in text.splitlines() if line))
