"""The vectors that candidates are compared by closely: of whole sentences, and of their tokens.

Late interaction tells how well every word of a question is met by some word of a text, after
ColBERT (Khattab and Zaharia 2020), on an encoder that was not trained for it: each token of the
question is compared with every token of the text, and the best similarities are averaged. On the
demo base's tests it finds what the texts' own vectors miss (docs/adr/0005-late-interaction.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.vectors import TextVectors, TokenVectors, Vectors

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close texts are to a question, one value a text.

    `sentence` is the similarity of the vectors. `asked` is the mean over the question's tokens of
    the best similarity with a token of the text, `said` the mean over the text's tokens of that
    with a token of the question.
    """

    sentence: Vectors
    asked: Vectors
    said: Vectors


class Evidence(Protocol):
    """Compares a question closely with some of many texts; `on_demand` if it reads them first."""

    on_demand: bool

    def compare(self, sentence: Vectors, tokens: Vectors, texts: Places) -> Closeness:
        """Compare a question's vector (1-d, centred) and tokens (2-d) with these texts."""
        ...


class EvidenceInMemory:
    """Vectors side by side in memory: half precision, and a byte a number for tokens."""

    on_demand = False

    def __init__(self, sentences: Sequence[Vectors], tokens: Sequence[TokenVectors]) -> None:
        self._sentences = np.stack(sentences).astype(np.float16)
        counts = [len(one.scales) for one in tokens]
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._bytes = np.concatenate([one.bytes for one in tokens])
        self._scales = np.concatenate([one.scales for one in tokens])

    def compare(self, sentence: Vectors, tokens: Vectors, texts: Places) -> Closeness:
        """See `Evidence`."""
        firsts, counts = self._starts[texts], self._starts[texts + 1] - self._starts[texts]
        starts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(firsts - starts, counts)
        near = self._sentences[texts].astype(np.float32) @ sentence
        return _closeness(near, tokens, self._bytes[rows], self._scales[rows], counts)


class EvidenceOnDemand:
    """Vectors that are fetched for the texts in question: for bases too large for memory.

    `fetch` gives the vectors of the texts with these hashes, sentences centred; a text whose
    vectors were lost is far from everything.
    """

    on_demand = True

    def __init__(
        self, hashes: Sequence[str], fetch: Callable[[Sequence[str]], Sequence[TextVectors | None]]
    ) -> None:
        self._hashes = np.frombuffer(b"".join(map(bytes.fromhex, hashes)), np.uint8).reshape(-1, 32)
        self._fetch = fetch

    def compare(self, sentence: Vectors, tokens: Vectors, texts: Places) -> Closeness:
        """See `Evidence`."""
        nothing = TextVectors(
            np.zeros_like(sentence),
            np.zeros(0, np.float32),
            TokenVectors(np.zeros((1, tokens.shape[1]), np.int8), np.ones(1, np.float32)),
        )
        fetched = self._fetch([one.tobytes().hex() for one in self._hashes[texts]])
        found = [nothing if one is None else one for one in fetched]
        return _closeness(
            np.stack([one.sentence for one in found]) @ sentence,
            tokens,
            np.concatenate([one.tokens.bytes for one in found]),
            np.concatenate([one.tokens.scales for one in found]),
            np.array([len(one.tokens.scales) for one in found], np.int64),
        )


def _closeness(
    near: Vectors, question: Vectors, quantised: NDArray[np.int8], scales: Vectors, counts: Places
) -> Closeness:
    similar = (quantised.astype(np.float32) @ question.T) * scales[:, None]
    starts = np.cumsum(counts) - counts
    asked = np.maximum.reduceat(similar, starts, axis=0).mean(axis=1)
    said = np.add.reduceat(similar.max(axis=1), starts) / counts
    return Closeness(near, asked.astype(np.float32), said.astype(np.float32))
