"""A similar question may say which heading answers it: `question -> heading`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article
from knowledge.background import load_background
from knowledge.index import PassageIndex, build_index
from knowledge.segment import Source
from knowledge.vectors import MemoryVectors

BODY = "## 退货期限\n\n签收后七天内。\n\n## 运费\n\n由您承担。"


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """Texts as unit vectors of how often each of 64 buckets of characters occurs."""
    counts = np.full((len(texts), 64), 0.01, np.float32)
    for row, text in enumerate(texts):
        for character in text:
            counts[row, ord(character) % 64] += 1
    unit: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return unit


def indexed(*questions: str) -> PassageIndex:
    article = Article(id="returns", title="退货", body=BODY, questions=questions)
    kept = MemoryVectors()
    background = load_background(encode=letters, kept=kept, encoder="letters")
    return build_index([article], Source(letters, kept, "letters", background))


def questions_by_heading(index: PassageIndex) -> dict[str, str]:
    [live] = index.live
    segment = live.segment
    return {
        text: segment.passages[segment.key_passages[key]].heading
        for key, text in segment.questions.items()
    }


def test_a_question_leads_to_the_heading_that_is_named() -> None:
    index = indexed("退货期限是几天 -> 运费", "退货期限有多长 -> 退货期限")
    assert questions_by_heading(index) == {"退货期限是几天": "运费", "退货期限有多长": "退货期限"}


def test_a_question_without_a_heading_leads_to_the_nearest_passage() -> None:
    assert questions_by_heading(indexed("退货期限")) == {"退货期限": "退货期限"}


def test_an_arrow_to_no_heading_of_the_article_is_part_of_the_question() -> None:
    assert list(questions_by_heading(indexed("运费由谁 -> 承担"))) == ["运费由谁 -> 承担"]
