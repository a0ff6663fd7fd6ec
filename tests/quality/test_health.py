"""Contradictions: few missed, hardly any false, on pairs written for it and on the demo bases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from knowledge.health import FindingKind
from knowledge.health_report import examine
from knowledge.loader import load_articles
from knowledge.meaning import Meaning
from knowledge.vectors import MemoryVectors
from nlu.encoder import load_encoder
from tests.knowledge.letters import make_article

pytestmark = pytest.mark.quality
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
COMPARED = {FindingKind.CONTRADICTION, FindingKind.DUPLICATE, FindingKind.SAME_QUESTION}


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    encoder = load_encoder(ROOT / "models/encoder")
    return Meaning(
        encoder.encode_with_tokens, kept=MemoryVectors(), encoder=encoder.search_fingerprint
    )


@pytest.mark.parametrize(("part", "least_recall"), [("dev", 0.8), ("held_out", 0.8)])
def test_contradictions_are_found_and_nothing_else(
    meaning: Meaning, part: str, least_recall: float
) -> None:
    pairs = yaml.safe_load((ROOT / "tests/quality/health/pairs.yml").read_text("utf-8"))[part]
    right = wrong = 0
    for pair in pairs:
        articles = [
            make_article(name, f"## {heading}\n\n{text}", title=title)
            for name, (title, heading, text) in zip("ab", (pair["a"], pair["b"]), strict=True)
        ]
        kinds = {finding.kind for finding in examine(articles, meaning=meaning, now=NOW)}
        if FindingKind.CONTRADICTION in kinds:
            right += pair["contradict"]
            wrong += not pair["contradict"]
    wanted = sum(pair["contradict"] for pair in pairs)
    recall, precision = right / wanted, right / (right + wrong)
    assert recall >= least_recall
    assert precision >= 0.9


@pytest.mark.parametrize("pack", ["ecommerce", "education", "finance", "saas"])
def test_a_base_in_good_order_is_left_alone(meaning: Meaning, pack: str) -> None:
    articles = load_articles(ROOT / "training_data" / pack / "knowledge")
    findings = examine(articles, meaning=meaning, now=NOW)
    assert [finding for finding in findings if finding.kind in COMPARED] == []
