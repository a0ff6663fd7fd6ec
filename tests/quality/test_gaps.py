"""How well questions are grouped by meaning: B-cubed (Bagga & Baldwin 1998) and adjusted Rand.

Measured with `.venv/bin/pytest -m quality tests/quality/test_gaps.py`: on our own questions, where
the threshold was chosen, B-cubed F 0.914 (precision 0.970, recall 0.864), adjusted Rand 0.860; on
the training questions of webank_faq34, on which nothing was chosen, 0.718 (0.722, 0.714) and 0.658.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from sklearn.metrics import adjusted_rand_score

from knowledge.gaps import group_questions
from knowledge.meaning import Meaning
from knowledge.vectors import MemoryVectors
from nlu.encoder import load_encoder

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    encoder = load_encoder(ROOT / "models" / "encoder")
    return Meaning(encoder.encode_with_tokens, kept=MemoryVectors())


def b_cubed(wanted: Sequence[object], found: Sequence[int]) -> tuple[float, float]:
    """Precision and recall, averaged over the questions."""
    same_wanted = np.array([[a == b for b in wanted] for a in wanted])
    same_found = np.array([[a == b for b in found] for a in found])
    both = (same_wanted & same_found).sum(axis=1)
    precision = float((both / same_found.sum(axis=1)).mean())
    return precision, float((both / same_wanted.sum(axis=1)).mean())


def grouped(meaning: Meaning, texts: list[str]) -> tuple[int, ...]:
    return group_questions(texts, meaning.passing(texts), [None] * len(texts))


def test_our_own_questions_come_together(meaning: Meaning) -> None:
    data = yaml.safe_load((ROOT / "tests/quality/gaps/questions.yml").read_text("utf-8"))
    groups = [*data["groups"], *([single] for single in data["singles"])]
    texts = [text for group in groups for text in group]
    wanted = [place for place, group in enumerate(groups) for _ in group]
    precision, recall = b_cubed(wanted, grouped(meaning, texts))
    assert precision >= 0.95
    assert recall >= 0.84


@pytest.mark.skipif("JIEDAI_EVAL_DATA" not in os.environ, reason="JIEDAI_EVAL_DATA is not set")
def test_real_customers_questions_come_together(meaning: Meaning) -> None:
    path = Path(os.environ["JIEDAI_EVAL_DATA"]) / "webank_faq34" / "train.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line]
    texts, wanted = [row[0] for row in rows], [row[1] for row in rows]
    found = grouped(meaning, texts)
    precision, recall = b_cubed(wanted, found)
    assert 2 * precision * recall / (precision + recall) >= 0.7
    assert adjusted_rand_score(wanted, found) >= 0.63
