from __future__ import annotations

from typing import Any

from scorecard_page import page

FOUND: dict[str, Any] = {
    "machine": {"cpu": "a processor", "cores": 2, "python": "3.11.7"},
    "measured_at": "2026-11-22",
}
RASA: dict[str, Any] = {
    "versions": {"rasa": "3.6.21", "tensorflow": "2.12.0", "jieba": "0.42.1", "python": "3.10.13"},
    "epochs": 100,
    "learnt_texts": 2299,
    "test_texts": 667,
    "load_before": 0.1,
}
ONE = {
    "accuracy": 0.5,
    "macro_f1": 0.4,
    "decided_accuracy": 0.5,
    "intervals": {"macro_f1": [0.3, 0.5], "accuracy": [0.45, 0.55]},
    "p50_ms": 12.34,
    "p95_ms": 20.0,
    "train_seconds": 9.6,
    "train_peak_mb": 500.4,
    "serving_mb": 400.0,
    "all_mb": 700.0,
}


def test_rasa_is_not_on_the_page_without_figures() -> None:
    assert "Beside Rasa" not in page(FOUND)


def test_rasa_stands_beside_ours_with_its_versions() -> None:
    text = page(FOUND | {"rasa": RASA | {"rasa": ONE, "ours": ONE | {"accuracy": 0.52}}})
    assert "Rasa 3.6.21 (TensorFlow 2.12.0, jieba 0.42.1, Python 3.10.13)" in text
    assert "| Rasa 3.6.21 | **0.500** [0.450, 0.550] | **0.400** [0.300, 0.500] | 0.500 |" in text
    assert "| this product | **0.520** [0.450, 0.550] |" in text
    assert "times are too long" not in text


def test_the_page_says_when_the_machine_was_busy() -> None:
    busy = RASA | {"rasa": ONE, "ours": ONE, "load_before": 2.5}
    assert "times are too long" in page(FOUND | {"rasa": busy})


def test_parts_that_were_measured_earlier_are_named() -> None:
    same = RASA | {"rasa": ONE, "ours": ONE, "measured_at": "2026-11-22"}
    assert "Measured on 2026-11-22.\n" in page({**FOUND, "rasa": same})
    entities = {"develop": {"number": {"right": 1, "cases": 1}}, "measured_at": "2026-11-23"}
    text = page({**FOUND, "rasa": same, "entities": entities})
    assert "Measured on 2026-11-23, but rasa on 2026-11-22.\n" in text
