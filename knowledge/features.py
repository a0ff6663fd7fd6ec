"""What speaks for a passage as the answer to a question, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import KeyKind, PassageIndex
from knowledge.text import is_chinese
from knowledge.vectors import Vectors

FEATURES = (
    "dense_text",
    "dense_heading",
    "dense_question",
    "dense_article",
    "hubness",
    "cover_text",
    "lexical_key",
    "cover_article",
    "same_language",
)
"""The columns of a feature matrix. `dense_…` are similarities of vectors without their common
part: with the passage, its heading path, the nearest of its similar questions (its heading, if it
has none), and the nearest key of its article. `hubness` is how near the passage is to general
talk. `cover_…` is the share of the question's weight in words that the passage, or the article,
has; `lexical_key` the word similarity with its heading or nearest similar question."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth a look (places in the index) and their features, one row each.

    `generality` tells how near the question itself is to general talk.
    """

    places: NDArray[np.int64]
    features: NDArray[np.float32]
    generality: float


def find_candidates(
    index: PassageIndex,
    question: str,
    vector: Vectors,
    *,
    allowed: NDArray[np.bool_],
    depth: int = 48,
) -> Candidates:
    """Collect the best passages by vectors and by words, and describe each.

    `vector` is the question's, as the encoder gives it. `depth` is how many keys each search
    contributes.
    """
    centred = index.background.centred(vector[None, :])
    generality = float(index.background.nearness(centred)[0])
    cover, cosine = index.lexical.match(question)
    allowed_keys = allowed[index.key_passages]
    near = index.vectors.search(centred[0], limit=depth, allowed=allowed_keys)
    worded = np.where(allowed_keys, cover + cosine, -1)
    best_worded = np.argsort(-worded, kind="stable")[: depth // 2]
    best_worded = best_worded[worded[best_worded] > 0]
    places = np.unique(index.key_passages[np.concatenate([near, best_worded])])
    rows = [_describe(index, int(place), centred[0], cover, cosine) for place in places]
    features = np.array(rows, np.float32).reshape(len(places), len(FEATURES))
    same = index.chinese[places] == is_chinese(question)
    features[:, FEATURES.index("same_language")] = same
    return Candidates(places, features, generality)


def _describe(
    index: PassageIndex, place: int, centred: Vectors, cover: Vectors, cosine: Vectors
) -> list[float]:
    article = int(index.article_of[place])
    start, end = index.article_key_starts[article : article + 2]
    keys = np.arange(start, end)
    dense = index.vectors.take(keys) @ centred
    own = index.key_passages[keys] == place
    kinds = index.key_kinds[keys]
    heading = own & (kinds == KeyKind.HEADING)
    text = own & (kinds == KeyKind.TEXT)
    questions = own & (kinds == KeyKind.QUESTION)
    short = own & ~text
    return [
        float(dense[text].max()),
        float(dense[heading].max()),
        float(dense[questions].max() if questions.any() else dense[heading].max()),
        float(dense.max()),
        float(index.hubness[keys][own].mean()),
        float(cover[keys][own].max()),
        float(cosine[keys][short].max()),
        float(cover[keys].max()),
        0.0,
    ]
