"""Late interaction: how well every word of a question is met by some word of a text.

After ColBERT (Khattab and Zaharia 2020), on an encoder that was not trained for it: each token of
the question is compared with every token of the text, and the best similarities are averaged. On
the demo base's tests it finds what the texts' own vectors miss (docs/adr/0005-late-interaction.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.vectors import Vectors


class LateIndex:
    """The token vectors of many texts, side by side."""

    def __init__(self, tokens: Sequence[Vectors]) -> None:
        counts = [len(rows) for rows in tokens]
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._tokens = np.concatenate([np.asarray(rows, np.float32) for rows in tokens])

    def match(self, question_tokens: Vectors, first: int, after: int) -> Vectors:
        """For each text from `first` to before `after`: the mean over the question's tokens (2-d)
        of the best similarity with a token of the text.
        """
        start, end = self._starts[first], self._starts[after]
        similar = self._tokens[start:end] @ question_tokens.T
        best = np.maximum.reduceat(similar, self._starts[first:after] - start, axis=0)
        mean: Vectors = best.mean(axis=1)
        return mean
