"""Measure the finder of entities: `JIEDAI_EVAL_DATA=DIR python scripts/benchmark_entities.py`.

The cases are the Chinese specifications of microsoft/Recognizers-Text (MIT), one JSON object a line
in `DIR/recognizers_zh/all.jsonl`. A case is right when exactly what it expects is found, no more
and no less, each with its exact normal value in an overlapping place. As in the specifications, the
numbers, dates, … are looked for on their own; the last column has all kinds in one text compete, as
they do in the product.

A hash of its text puts a case into the half that the finder was written with, whose errors
`--errors KIND` shows, or into the half of which only figures are reported.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from recognizers_cases import HALVES, MAPPING, OURS, Case, our_value, read_case

from nlu.entities import find_entities
from nlu.understanding import Entity


def main() -> None:
    """Read the cases, find, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", metavar="KIND", help="show the errors of the develop half")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = parser.parse_args()
    file = Path(os.environ["JIEDAI_EVAL_DATA"]) / "recognizers_zh" / "all.jsonl"
    cases = [read_case(json.loads(line)) for line in file.read_text("utf-8").splitlines() if line]
    figures = measure(cases, show=chosen.errors)
    print_figures(figures, cases)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def measure(cases: Sequence[Case], *, show: str | None = None) -> dict[str, Any]:
    """Shares of right cases by half and kind, alone and with all kinds competing."""
    right: dict[str, Counter[str]] = {half: Counter() for half in HALVES}
    together: dict[str, Counter[str]] = {half: Counter() for half in HALVES}
    total: dict[str, Counter[str]] = {half: Counter() for half in HALVES}
    started = time.perf_counter()
    for case in cases:
        if case.excluded:
            continue
        kinds = OURS[case.kind]
        alone = find_entities(case.text, now=case.now, kinds=kinds)
        beside = [e for e in find_entities(case.text, now=case.now) if e.name in kinds]
        total[case.half][case.kind] += 1
        right[case.half][case.kind] += is_right(case, alone)
        together[case.half][case.kind] += is_right(case, beside)
        wanted = show is not None and show in case.kind and case.half == "develop"
        if wanted and not is_right(case, alone):
            _show(case, alone)
    seconds = time.perf_counter() - started
    return {
        half: {
            kind: {
                "cases": count,
                "right": right[half][kind],
                "right_with_all_kinds": together[half][kind],
            }
            for kind, count in sorted(total[half].items())
        }
        for half in HALVES
    } | {"milliseconds_per_text": round(1000 * seconds / (2 * len(cases)), 3)}


def is_right(case: Case, found: Sequence[Entity]) -> bool:
    """Whether exactly what is expected was found."""
    left = list(found)
    for wanted in case.expected:
        here = [e for e in left if wanted.span is None or _overlap(e, wanted.span)]
        match = next(
            (group for group in _groups(here) if our_value(wanted.kind, group) & wanted.values),
            None,
        )
        if match is None:
            return False
        left = [e for e in left if e not in match]
    return not left


def _groups(found: Sequence[Entity]) -> Iterator[tuple[Entity, ...]]:
    """Single entities, then a date and a time beside each other."""
    yield from ((e,) for e in found)
    yield from pairwise(found)


def _overlap(entity: Entity, span: tuple[int, int]) -> bool:
    return entity.start < span[1] and span[0] < entity.end


def _show(case: Case, found: Sequence[Entity]) -> None:
    wanted = "; ".join(f"{e.kind} {'|'.join(sorted(e.values))}" for e in case.expected)
    ours = "; ".join(f"{e.name} {e.value} [{case.text[e.start : e.end]}]" for e in found)
    sys.stdout.write(f"{case.now:%Y-%m-%d %H:%M} {case.text}\n    want {wanted}\n    have {ours}\n")


def print_figures(figures: dict[str, Any], cases: Sequence[Case]) -> None:
    """The mapping, a table for each half, and what is not counted and why."""
    out = [MAPPING]
    for half in HALVES:
        out.append(f"{half:<28}cases  right   share  with all kinds competing")
        rows = [(kind.removeprefix("datetimeV2."), row) for kind, row in figures[half].items()]
        sums = {key: sum(row[key] for _, row in rows) for key in ("cases", "right", _ALL)}
        for kind, row in [*rows, ("all", sums)]:
            share, all_share = row["right"] / row["cases"], row[_ALL] / row["cases"]
            line = f"  {kind:<24}{row['cases']:>7}{row['right']:>7}{share:>8.3f}{all_share:>8.3f}"
            out.append(line)
    reasons = Counter(
        f"{case.kind.removeprefix('datetimeV2.')}: {case.excluded}"
        for case in cases
        if case.excluded
    )
    out.append(f"not counted {sum(reasons.values())} of {len(cases)} cases")
    out += [f"  {count:>5}  {reason}" for reason, count in sorted(reasons.items())]
    out.append(f"{figures['milliseconds_per_text']} ms a text")
    sys.stdout.write("\n".join(out) + "\n")


_ALL: Final = "right_with_all_kinds"
if __name__ == "__main__":
    main()
