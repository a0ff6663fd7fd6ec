"""The words of docs/scorecard.md about Rasa beside this product; see `scorecard_rasa.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

HEADS = (
    "",
    "accuracy",
    "macro-F1",
    "a wrong rejection is an error",
    "training",
    "one message over HTTP, p50 / p95",
    "memory of the process that answers",
    "of all processes",
)
_HOW = """Rasa {rasa} (TensorFlow {tensorflow}, jieba {jieba}, Python {python}) with the pipeline
in `scripts/scorecard_rasa.py`, DIET for {epochs} epochs with seed 0, and this product: in one run
both learnt the {learnt_texts} training texts of smp2017 from one file, each by its own command, and
answered the {test_texts} test texts one after another over HTTP (`POST /model/parse`). Accuracy and
macro-F1 are those of the likeliest intent; this product may also reject a text, which Rasa as set
up here never does. Training is the whole command with its start. Each has one process that answers;
this product runs others beside it. Memory that processes share counts once in the last column."""
_BUSY = "The machine did other work meanwhile: times are too long."


def how(f: Mapping[str, Any], *, busy: bool) -> str:
    """What was run, with which versions; `busy` when the machine had other work."""
    text = _HOW.format(**{**f, **f["versions"]})
    return f"{text}\n{_BUSY}" if busy else text


def rows(f: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """A row for each, below HEADS."""
    names = {"rasa": f"Rasa {f['versions']['rasa']}", "ours": "this product"}
    for name, shown in names.items():
        one = f[name]
        yield (
            shown,
            _with_interval(one, "accuracy"),
            _with_interval(one, "macro_f1"),
            f"{one['decided_accuracy']:.3f}",
            f"{one['train_seconds']:.0f} s, {one['train_peak_mb']:.0f} MB at most",
            f"{one['p50_ms']:.1f} / {one['p95_ms']:.1f} ms",
            f"{one['serving_mb']:.0f} MB",
            f"{one['all_mb']:.0f} MB",
        )


def _with_interval(one: Mapping[str, Any], figure: str) -> str:
    low, high = one["intervals"][figure]
    return f"**{one[figure]:.3f}** [{low:.3f}, {high:.3f}]"
