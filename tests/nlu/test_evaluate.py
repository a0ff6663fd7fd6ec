"""The figures of an evaluation, and the files that tell them."""

from __future__ import annotations

import json
import math
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nlu.benchmark import benchmark
from nlu.errors import BadTrainingData
from nlu.evaluate import (
    Judged,
    as_strangers,
    calibration_error_by_chance,
    coverage_curve,
    measure,
    reliability,
    report_intents,
    separation,
)
from nlu.report import write_report
from nlu.training_data import Example
from tests.nlu.toy import EXAMPLES, STRANGERS, toy_encode


def judged(truth: str, said: str, *, sure: float = 0.9, in_scope: float = 0.9) -> Judged:
    return Judged("文", truth, said, sure, in_scope, rejected=in_scope < 0.5)


CASES = [
    judged("a", "a"),
    judged("a", "b", sure=0.6),
    judged("b", "b"),
    judged("b", "b", in_scope=0.2),
    judged("out_of_scope", "a", in_scope=0.1),
    judged("out_of_scope", "b", in_scope=0.6),
]


def test_figures_by_hand() -> None:
    metrics = measure(CASES)
    assert metrics.accuracy == 0.75
    assert metrics.decided_accuracy == 0.5
    assert metrics.rejected_in_scope == 0.25
    assert metrics.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert metrics.stranger_recall == 0.5
    assert metrics.auroc == pytest.approx(7 / 8)
    assert metrics.calibration_error == pytest.approx(0.75 * 0.1 + 0.25 * 0.6)


def test_few_texts_are_never_right_as_often_as_their_confidence_says() -> None:
    few, many = (
        calibration_error_by_chance([judged("a", "a", sure=0.75)] * count) for count in (10, 1000)
    )
    # The mean distance of a share from its odds: sqrt(2 / pi) deviations.
    assert few == pytest.approx((2 / math.pi * 0.75 * 0.25 / 10) ** 0.5, rel=0.2)
    assert many == pytest.approx((2 / math.pi * 0.75 * 0.25 / 1000) ** 0.5, rel=0.2)


def test_strangers_have_no_calibration_by_chance() -> None:
    own = [judged("a", "a", sure=0.75)] * 10
    strange = [judged("out_of_scope", "a", sure=0.1)] * 10
    assert calibration_error_by_chance([*own, *strange]) == calibration_error_by_chance(own)


def test_an_intent_that_is_never_right_is_reported() -> None:
    reports = report_intents([judged("a", "b"), judged("a", "b"), judged("b", "b")])
    assert reports["a"].recall == reports["a"].precision == reports["a"].f1 == 0.0
    assert reports["a"].confused_with == {"b": 2}
    assert reports["b"].precision == pytest.approx(1 / 3)


def test_separation_counts_ties_half() -> None:
    assert separation([1.0, 1.0], [1.0])[0] == 0.5
    assert separation([0.9, 0.8], [0.1, 0.2]) == (1.0, 1.0)
    assert separation([0.1, 0.2], [0.8, 0.9]) == (0.0, 0.0)


def test_without_strangers_there_is_no_figure_about_them() -> None:
    metrics = measure(CASES[:4])
    assert (metrics.auroc, metrics.stranger_recall, metrics.strangers) == (None, None, 0)


def test_labels_that_a_model_does_not_know_are_strangers() -> None:
    examples = [Example("退货", "a"), Example("天气", "weather"), Example("你好", "out_of_scope")]
    made, unknown = as_strangers(examples, ("a", "b"))
    assert [e.intent for e in made] == ["a", "out_of_scope", "out_of_scope"]
    assert unknown == 1


@pytest.mark.parametrize("text", ["", "\u200b"])
def test_a_test_without_a_text_of_a_known_intent_is_refused(text: str) -> None:
    examples = [Example(text, "a"), Example("你好", "out_of_scope"), Example("天气", "weather")]
    with pytest.raises(BadTrainingData, match="add texts of its intents"):
        as_strangers(examples, ("a", "out_of_scope"))


def test_the_report_has_every_file(tmp_path: Path) -> None:
    write_report([*CASES, judged("中文意图", "a")], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "metrics.json",
        "intent_report.json",
        "intent_errors.json",
        "intent_confusion_matrix.png",
        "intent_histogram.png",
        "reliability.png",
        "coverage.json",
        "coverage.png",
        "report.html",
    }
    report = json.loads((tmp_path / "intent_report.json").read_text("utf-8"))
    assert report["a"]["confused_with"] == {"b": 1}
    assert report["weighted avg"]["support"] == 5
    errors = json.loads((tmp_path / "intent_errors.json").read_text("utf-8"))
    assert [e["intent_prediction"]["name"] for e in errors].count("out_of_scope") == 1
    assert len(errors) == 4


class _Page(HTMLParser):
    """Refuses tags that are left open; collects the text and what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img"}:
            self.open.append(tag)
        links = [value or "" for name, value in attrs if name in {"src", "href"}]
        self.fetched += [link for link in links if not link.startswith("data:")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_stands_alone_and_escapes_what_customers_typed(tmp_path: Path) -> None:
    typed = Judged("<script>alert(1)</script>&amp", "退货", "<b>", 0.9, 0.9, rejected=False)
    write_report([*CASES, typed], tmp_path)
    page = _Page()
    page.feed((tmp_path / "report.html").read_text("utf-8"))
    assert page.open == []
    assert page.fetched == []
    assert "<script>alert(1)</script>&amp" in page.words
    assert {"退货", "<b>"} <= set(page.words)


def test_a_hundred_of_many_intents_are_drawn(tmp_path: Path) -> None:
    write_report([judged(f"意图{i}", f"意图{(i * 7) % 400}") for i in range(400)], tmp_path)
    with (tmp_path / "intent_confusion_matrix.png").open("rb") as file:
        width = int.from_bytes(file.read(24)[16:20], "big")
    assert width <= 4000


def test_confidence_is_set_against_accuracy_in_tenths() -> None:
    bins = reliability(CASES)
    assert [(b.texts, b.accuracy) for b in bins] == [(1, 0.0), (3, 1.0)]
    assert [b.confidence for b in bins] == pytest.approx([0.6, 0.9])


def test_coverage_rises_from_the_surest_text_to_all() -> None:
    curve = coverage_curve(CASES)
    assert [p.coverage for p in curve] == [0.25, 0.5, 0.75, 1.0]
    assert [p.accuracy for p in curve] == pytest.approx([1, 1, 2 / 3, 0.75])
    assert [p.strangers for p in curve] == [0.0, 0.0, 0.5, 0.5]
    assert {p.strangers for p in coverage_curve(CASES[:4])} == {None}


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    path.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")


def test_a_benchmark_counts_unknown_labels_as_strangers(tmp_path: Path) -> None:
    rows = [(e.text, e.intent) for e in EXAMPLES]
    write(tmp_path / "train.tsv", rows[:6] + rows[8:14] + rows[16:22])
    write(tmp_path / "test.tsv", [*rows[6:8], *rows[14:16], *rows[22:], ("今天天气好", "weather")])
    write(tmp_path / "far_oos_test.tsv", [(e.text, "x") for e in STRANGERS])
    figures = benchmark(tmp_path, toy_encode, baseline=True)
    assert figures.accuracy == figures.macro_f1 == 1.0
    assert set(figures.oos) == {"test.tsv", "far_oos_test.tsv"}
    assert set(figures.baselines) == {"ngrams", "nearest"}
    for baseline in figures.baselines.values():
        assert set(baseline.oos) == set(figures.oos)
    for name, (low, high) in figures.intervals.items():
        figure = figures.oos[name].auroc if name in figures.oos else getattr(figures, name)
        assert low <= figure <= high
    assert 0 < figures.p50_ms <= figures.p95_ms


def test_contrast_examples_of_the_training_file_are_strangers_in_a_benchmark(
    tmp_path: Path,
) -> None:
    rows = [(e.text, e.intent) for e in EXAMPLES]
    write(
        tmp_path / "train.tsv", rows[:6] + rows[8:14] + [(e.text, e.intent) for e in STRANGERS[:4]]
    )
    write(
        tmp_path / "test.tsv", rows[6:8] + rows[14:16] + [(e.text, e.intent) for e in STRANGERS[4:]]
    )
    figures = benchmark(tmp_path, toy_encode, baseline=True)
    assert figures.examples == 4
    assert set(figures.oos) == {"test.tsv"}
    low, high = figures.intervals["accuracy"]
    assert low <= figures.accuracy <= high
    assert figures.baselines["ngrams"].accuracy == 1.0


def test_a_benchmark_of_nothing_is_refused(tmp_path: Path) -> None:
    rows = [(e.text, e.intent) for e in EXAMPLES]
    write(tmp_path / "train.tsv", rows[:8])
    write(tmp_path / "test.tsv", rows[:8])
    with pytest.raises(BadTrainingData, match="two intents are needed, 1 found"):
        benchmark(tmp_path, toy_encode)
    write(tmp_path / "train.tsv", rows[:16])
    write(tmp_path / "test.tsv", rows[16:])
    with pytest.raises(BadTrainingData, match="no text is of an intent"):
        benchmark(tmp_path, toy_encode)


def test_strangers_whom_nobody_can_see_have_no_figure(tmp_path: Path) -> None:
    rows = [(e.text, e.intent) for e in EXAMPLES]
    write(tmp_path / "train.tsv", rows[:14])
    write(tmp_path / "test.tsv", rows[14:16])
    write(tmp_path / "far_oos_test.tsv", [("\u200b", "x")])
    assert not benchmark(tmp_path, toy_encode).oos


def test_a_benchmark_learns_from_dev_when_asked(tmp_path: Path) -> None:
    rows = [(e.text, e.intent) for e in EXAMPLES]
    write(tmp_path / "train.tsv", rows[:16])
    write(tmp_path / "dev.tsv", rows[16:22])
    write(tmp_path / "test.tsv", rows[6:8] + rows[14:16] + rows[22:])
    alone, with_dev = (benchmark(tmp_path, toy_encode, with_dev=asked) for asked in (False, True))
    assert alone.examples < with_dev.examples
    assert set(alone.oos) == {"test.tsv"}
    assert not with_dev.oos


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTrainingData, match=r"train\.tsv and test\.tsv"):
        benchmark(tmp_path, toy_encode)
    for name in ("train.tsv", "test.tsv"):
        write(tmp_path / name, [(e.text, e.intent) for e in EXAMPLES])
    with pytest.raises(BadTrainingData, match=r"dev\.tsv"):
        benchmark(tmp_path, toy_encode, with_dev=True)
