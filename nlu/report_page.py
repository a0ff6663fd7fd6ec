"""Writes an evaluation as one HTML page that needs nothing beside it."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

from nlu.evaluate import CoveragePoint, Judged, Metrics, report_intents
from nlu.understanding import OUT_OF_SCOPE

_MOST_ROWS: Final = 200
_EXAMPLES: Final = 3  # of each pair of intents that are confused

_STYLE: Final = """
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1f2430; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .25rem .75rem;
  border-bottom: 1px solid #dfe3ea; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
figure { display: inline-block; margin: .5rem; max-width: min(34rem, 100%); }
img { max-width: 100%; }
.bad { color: #a12622; } dl { display: grid; grid-template-columns: max-content max-content;
  gap: .25rem 1.5rem; } dd { margin: 0; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { body { background: #14171c; color: #e4e7ec; }
  th, td { border-color: #353b46; } img { background: #fff; } .bad { color: #ff9d97; } }
"""
_FIGURES: Final = (
    ("accuracy", "准确率 · accuracy of the best intent"),
    ("macro_f1", "宏平均 F1 · macro F1"),
    ("decided_accuracy", "含拒识的准确率 · accuracy, wrong rejections counted"),
    ("calibration_error", "校准误差 · expected calibration error"),
    ("rejected_in_scope", "误拒率 · in scope but rejected"),
    ("auroc", "域外 AUROC · out of scope: AUROC"),
    ("stranger_recall", "域外拒识率 · out of scope and rejected"),
    ("recall_at_95_in_scope", "保留 95% 时的域外拒识率 · the same where 95 % in scope are kept"),
)
_PICTURES: Final = (
    ("reliability.png", "可靠性 · confidence against accuracy, with the number of texts"),
    ("coverage.png", "覆盖率与准确率 · coverage against accuracy"),
    ("intent_histogram.png", "置信度分布 · confidence of right and wrong predictions"),
    ("intent_confusion_matrix.png", "混淆矩阵 · confusion matrix"),
)
_KEPT_ACCURACIES: Final = (0.9, 0.95, 0.98, 0.99)


def write_page(
    judged: Sequence[Judged], metrics: Metrics, curve: Sequence[CoveragePoint], folder: Path
) -> None:
    """Write `report.html` into the folder; the pictures must be there already."""
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    parts = [
        "<!doctype html>",
        '<html lang="zh"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>意图识别报告 · Intent report</title><style>{_STYLE}</style></head><body>",
        "<h1>意图识别报告 · Intent report</h1>",
        f"<p>{metrics.examples} 条域内，{metrics.strangers} 条域外 · {metrics.examples} texts in"
        f" scope, {metrics.strangers} out of scope</p>",
        *_figures(metrics),
        *_promises(curve),
        *_pictures(folder),
        *_pairs(own),
        *_intents(own),
        *_errors(judged),
        "</body></html>",
    ]
    (folder / "report.html").write_text("\n".join(parts) + "\n", encoding="utf-8")


def _figures(metrics: Metrics) -> Iterator[str]:
    yield "<dl>"
    for name, title in _FIGURES:
        value = getattr(metrics, name)
        if value is not None:
            yield f"<dt>{title}</dt><dd>{value:.3f}</dd>"
    yield "</dl>"


def _promises(curve: Sequence[CoveragePoint]) -> Iterator[str]:
    yield "<h2>达到目标准确率能答多少 · How much can be answered at a wanted accuracy</h2>"
    rows = []
    for wanted in _KEPT_ACCURACIES:
        kept = [point for point in curve if point.accuracy >= wanted]
        if kept:
            best = max(kept, key=lambda point: point.coverage)
            rows.append([f"{wanted:.0%}", f"{best.coverage:.1%}", f"{best.confidence:.2f}"])
        else:
            rows.append([f"{wanted:.0%}", "—", "—"])
    yield from _table(["准确率 · accuracy", "覆盖率 · answered", "置信度 · from confidence"], rows)


def _pictures(folder: Path) -> Iterator[str]:
    for name, title in _PICTURES:
        content = b64encode((folder / name).read_bytes()).decode()
        yield (
            f'<figure><img alt="{title}" src="data:image/png;base64,{content}">'
            f"<figcaption>{title}</figcaption></figure>"
        )


def _pairs(own: Sequence[Judged]) -> Iterator[str]:
    yield "<h2>最易混淆的意图 · Intents that are confused most</h2>"
    wrong = [j for j in own if j.predicted != j.intent]
    if not wrong:
        yield "<p>没有 · none</p>"
        return
    rows = []
    for (true, said), count in Counter((j.intent, j.predicted) for j in wrong).most_common(30):
        texts = [j.text for j in wrong if (j.intent, j.predicted) == (true, said)]
        rows.append([true, said, str(count), " / ".join(t[:60] for t in texts[:_EXAMPLES])])
    titles = ["实际 · true", "判为 · predicted", "条数 · texts", "例子 · examples"]
    yield from _table(titles, rows, numbers={2})


def _intents(own: Sequence[Judged]) -> Iterator[str]:
    yield "<h2>各意图 · Each intent</h2>"
    reports = sorted(report_intents(own).items(), key=lambda pair: (pair[1].f1, pair[0]))
    rows = [
        [name, f"{r.precision:.3f}", f"{r.recall:.3f}", f"{r.f1:.3f}", str(r.support)]
        for name, r in reports
    ]
    titles = ["意图 · intent", "精确率 · precision", "召回率 · recall", "F1", "条数 · texts"]
    yield from _table(titles, rows, numbers={1, 2, 3, 4})


def _errors(judged: Sequence[Judged]) -> Iterator[str]:
    wrong = sorted((j for j in judged if j.decision != j.intent), key=lambda j: -j.confidence)
    yield "<h2>错误，置信度高的在前 · Errors, the surest first</h2>"
    rows = [
        [j.text[:200], j.intent, j.decision, f"{j.confidence:.2f}", f"{j.in_scope:.2f}"]
        for j in wrong[:_MOST_ROWS]
    ]
    titles = ["文本 · text", "实际 · true", "判为 · decided", "置信度 · confidence"]
    yield from _table([*titles, "域内概率 · in scope"], rows, numbers={3, 4})
    if len(wrong) > _MOST_ROWS:
        yield f"<p>还有 {len(wrong) - _MOST_ROWS} 条，见 · more in intent_errors.json</p>"


def _table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: set[int] | None = None
) -> Iterator[str]:
    kinds = ["n" if i in (numbers or set()) else "t" for i in range(len(titles))]
    yield "<table><thead><tr>"
    for kind, title in zip(kinds, titles, strict=True):
        yield f'<th class="{kind}">{escape(title)}</th>'
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = zip(kinds, row, strict=True)
        yield "<tr>" + "".join(f'<td class="{k}">{escape(c)}</td>' for k, c in cells) + "</tr>"
    yield "</tbody></table>"
