"""How far the labels around a text are to be believed, where many are wrong.

What nobody named an intent for was labelled all the same: as this one, as that one. Where the
labels of similar texts contradict each other, a text is rather a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float32]

NEIGHBOURS: Final = 30
"""So many texts say what is believed around another; 10 to 100 know strangers equally well."""

_SHARPNESS: Final = 5.0  # a neighbour whose cosine is 0.1 higher counts 1.6 times
_STRENGTH: Final = 10.0  # of the pull to small weights: how many texts' say it outweighs
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed of the labels of texts seen in training, and a line through that.

    `beliefs` (texts,), in (0, 1], are 1 for a label that classifiers which had not seen the text
    would have given too, a half where it is their second choice, and so on. `weights` (features,
    1), over n-grams and vector, and `usual` estimate them.
    """

    beliefs: Floats
    weights: Floats
    usual: float

    @property
    def is_learnt(self) -> bool:
        """Whether there is anything to measure by."""
        return len(self.beliefs) > 0

    def around(self, cosines: Floats) -> Floats:
        """The mean belief in the nearest texts, shape (texts,); `cosines` are those with all the
        texts of `beliefs`, shape (texts, seen texts). 0 where none was learnt."""
        if not self.is_learnt:
            return np.zeros(len(cosines), np.float32)
        count = min(NEIGHBOURS, len(self.beliefs))
        nearest = np.argpartition(cosines, -count, axis=1)[:, -count:]
        share = np.exp(_SHARPNESS * np.take_along_axis(cosines, nearest, axis=1))
        result: Floats = (self.beliefs[nearest] * share).sum(axis=1) / share.sum(axis=1)
        return result


NO_TRUST: Final = Trust(np.zeros(0, np.float32), np.zeros((0, 1), np.float32), 0.0)
"""Nothing was learnt: labels are to be believed."""


def fit_trust(sparse: sp.csr_matrix, dense: Floats, beliefs: Floats) -> Trust:
    """Learn from texts, the rows of `sparse` and `dense`, and how far their labels are believed.

    The line has the least squares with small weights (ridge regression), found by the method of
    Paige and Saunders 1982, "LSQR".
    """
    from scipy.sparse.linalg import LinearOperator, lsqr  # measuring goes without them

    width = sparse.shape[1]
    turned = sparse.T.tocsr()
    features = LinearOperator(
        (len(dense), width + dense.shape[1]),
        matvec=lambda weights: sparse @ weights[:width] + dense @ weights[width:],
        rmatvec=lambda texts: np.concatenate([turned @ texts, dense.T @ texts]),
        dtype=np.float32,
    )
    usual = float(beliefs.mean())
    weights = lsqr(features, beliefs - usual, damp=_STRENGTH**0.5, iter_lim=_MOST_STEPS)[0]
    # Files keep half precision; so does this, or a loaded model would answer differently.
    kept = weights.astype(np.float16).astype(np.float32)
    return Trust(beliefs.astype(np.float16).astype(np.float32), kept[:, None], usual)
