"""Draws the pictures of an evaluation's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from nlu.evaluate import ConfidenceBin, CoveragePoint, Judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_INTENTS: Final = 100  # in one matrix: more are too small to read, and thousands fill memory
_HAN: Final = range(0x3400, 0xA000)
_CHINESE_FONTS: Final = (
    *("cjk", "hei", "song", "kai", "ming", "yahei", "pingfang", "wenquan", "source han", "lxgw"),
    *("droid sans fallback", "arphic", "ar pl", "unifont"),
)
_BLUE, _RED = "#2f6fdb", "#d9534f"


def draw_confusion(judged: Sequence[Judged], path: Path) -> None:
    """True intents against predicted ones; of very many, those that are confused most."""
    names = _confused_most(judged)
    places = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for j in judged:
        if j.intent in places and j.predicted in places:
            counts[places[j.intent], places[j.predicted]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.22 * len(names) + 2)
    with _figure(path, (side, side)) as figure:
        shown = [_drawable(name) for name in names]
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(names)), shown, rotation=90, fontsize=6)
        axes.set_yticks(range(len(names)), shown, fontsize=6)
        axes.set_xlabel("predicted")
        axes.set_ylabel("true")
        total = len({name for j in judged for name in (j.intent, j.predicted)})
        if total > len(names):
            axes.set_title(f"the {len(names)} most confused of {total} intents", fontsize=8)
        for row, column in zip(*np.nonzero(counts), strict=True):
            shade = "white" if shares[row, column] > 0.5 else "black"
            count = str(counts[row, column])
            axes.text(column, row, count, ha="center", va="center", fontsize=5, color=shade)


def draw_histogram(judged: Sequence[Judged], path: Path) -> None:
    """How sure the right and the wrong predictions were."""
    bins = [i / 25 for i in range(26)]
    right = [j.confidence for j in judged if j.predicted == j.intent]
    wrong = [j.confidence for j in judged if j.predicted != j.intent]
    with _figure(path, (7, 4)) as figure:
        axes = figure.subplots()
        axes.hist([right, wrong], bins=bins, label=["right", "wrong"], color=[_BLUE, _RED])
        axes.set_xlabel("confidence of the best intent")
        axes.set_ylabel("texts")
        axes.legend()


def draw_reliability(bins: Sequence[ConfidenceBin], path: Path) -> None:
    """Confidence against accuracy in tenths; on the diagonal a confidence can be believed."""
    with _figure(path, (5, 5)) as figure:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
        confidence, accuracy = [b.confidence for b in bins], [b.accuracy for b in bins]
        axes.plot(confidence, accuracy, marker="o", color=_BLUE)
        for one in bins:
            place = (one.confidence, one.accuracy)
            axes.annotate(str(one.texts), place, (4, -10), textcoords="offset points", fontsize=7)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="share that is right")


def draw_coverage(curve: Sequence[CoveragePoint], path: Path) -> None:
    """How accurate the answers are when only the surest share of texts is answered."""
    with _figure(path, (6, 4)) as figure:
        axes = figure.subplots()
        covered = [point.coverage for point in curve]
        axes.plot(covered, [p.accuracy for p in curve], color=_BLUE, label="right answers")
        strangers = [p.strangers for p in curve if p.strangers is not None]
        if strangers:
            axes.plot(covered, strangers, color=_RED, label="strangers answered")
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="share of texts in scope that is answered")
        axes.legend(loc="center left")


def _confused_most(judged: Sequence[Judged]) -> list[str]:
    errors: Counter[str] = Counter({name: 0 for j in judged for name in (j.intent, j.predicted)})
    for j in judged:
        if j.predicted != j.intent:
            errors.update((j.intent, j.predicted))
    return sorted(name for name, _ in errors.most_common(_MOST_INTENTS))


@contextmanager
def _figure(path: Path, size: tuple[float, float]) -> Iterator[Figure]:
    import matplotlib as mpl  # half a second that only reports need
    from matplotlib.figure import Figure

    fonts = ["DejaVu Sans", *filter(None, [_chinese_font()])]
    with mpl.rc_context({"font.family": fonts}):
        figure = Figure(figsize=size, layout="constrained")
        yield figure
        figure.savefig(path, dpi=150)


def _drawable(name: str) -> str:
    """The name, in pinyin where no font of this machine has Chinese characters."""
    if _chinese_font() is not None or not any(ord(c) in _HAN for c in name):
        return "".join(c if c.isprintable() else " " for c in name)
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name))


@lru_cache(maxsize=1)
def _chinese_font() -> str | None:
    """The name of an installed font that has Chinese characters."""
    from matplotlib import font_manager

    entries: list[Any] = font_manager.fontManager.ttflist
    for entry in sorted(entries, key=lambda e: ("sans" not in e.name.lower(), e.weight != 400)):
        if any(hint in entry.name.lower() for hint in _CHINESE_FONTS) and _has_chinese(entry.fname):
            return str(entry.name)
    return None


def _has_chinese(file: str) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        return all(FT2Font(file).get_char_index(ord(c)) for c in "退货发票")
    except (OSError, RuntimeError):
        return False
