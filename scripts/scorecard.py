"""Measure everything for docs/scorecard.md: `JIEDAI_EVAL_DATA=DIR scripts/benchmark`.

Every part runs in a process of its own, so that its memory is its own; what a part finds goes to
docs/scorecard.json at once, and `--only` repeats some parts beside what is there. The page is
written from that file alone. The part `rasa` is there when JIEDAI_RASA names a `rasa` executable
(CONTRIBUTING.md says how to make one).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scorecard_page import page
from scorecard_sets import PACKS, SETS

ROOT = Path(__file__).parents[1]
JIEDAI = str(ROOT / ".venv" / "bin" / "jiedai")
FIGURES = ROOT / "docs" / "scorecard.json"
PAGE = ROOT / "docs" / "scorecard.md"


_VECTORS = {
    "avx512_vnni": "AVX-512 VNNI",
    "avx_vnni": "AVX VNNI",
    "avx512f": "AVX-512",
    "avx2": "AVX2",
}
"""What a processor multiplies integers with, the fastest first: the encoder's speed hangs on it."""


def main() -> None:
    """Run the parts, keep what they find, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", help="repeat these parts alone")
    chosen = parser.parse_args()
    folder = os.environ.get("JIEDAI_EVAL_DATA")
    if folder is None:
        sys.exit("scripts/benchmark: set JIEDAI_EVAL_DATA to the folder of public data sets")
    found: dict[str, Any] = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        parts = _parts(Path(folder), Path(scratch))
        if "rasa" not in parts and "rasa" in (chosen.only or ["rasa"]):
            sys.stderr.write("rasa: skipped, JIEDAI_RASA is not set; earlier figures stay\n")
        for name in chosen.only or parts:
            if name == "rasa" and name not in parts:
                continue
            if name not in parts:
                sys.exit(f"scripts/benchmark: no part {name}; there are {', '.join(parts)}")
            started = time.perf_counter()
            load = os.getloadavg()[0]
            found[name] = {
                **parts[name](),
                "load_before": round(load, 1),
                "measured_at": datetime.now(UTC).date().isoformat(),
            }
            found["machine"] = _machine()
            FIGURES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
            sys.stderr.write(f"{name}: {time.perf_counter() - started:.0f} s\n")
    PAGE.write_text(page(found), encoding="utf-8")


def _parts(folder: Path, scratch: Path) -> dict[str, Callable[[], Any]]:
    parts: dict[str, Callable[[], Any]] = {}
    for name, one in SETS.items():
        measure = ["benchmark", "nlu", str(folder / (one.with_dev or name)), "--baseline", "--json"]
        if one.with_dev:
            measure.append("--with-dev")
        parts[name] = lambda measure=measure: _run(JIEDAI, *measure)
    faq = ("benchmark", "faq", str(folder / "webank_faq34"), "--baseline", "--json")
    parts["faq"] = lambda: _run(JIEDAI, *faq)
    similar = str(folder / "webank_faq34" / "train.tsv")
    parts["faq-similar"] = lambda: _run(JIEDAI, *faq, "--similar", similar)
    parts["entities"] = lambda: _entities(scratch / "entities.json")
    for pack in PACKS:
        parts[f"pack-{pack}"] = lambda pack=pack: _script("scorecard_pack.py", pack)
    feelings = ROOT / "training_data" / "common" / "mood" / "test.yml"
    outside = folder / "waimai_3k" / "all.tsv"
    parts["pack-ecommerce"] = lambda: _script(
        "scorecard_pack.py", "ecommerce", "--feelings", str(feelings), str(outside)
    )
    parts["speed"] = lambda: _script("scorecard_speed.py", str(folder / "smp2017"))
    rasa = os.environ.get("JIEDAI_RASA")
    if rasa:
        if not os.access(rasa, os.X_OK):
            sys.exit(f"scripts/benchmark: JIEDAI_RASA is {rasa}, which cannot be executed")
        parts["rasa"] = lambda: _script("scorecard_rasa.py", str(folder / "smp2017"))
    return parts


def _run(*command: str) -> Any:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def _script(name: str, *arguments: str) -> Any:
    return _run(sys.executable, str(ROOT / "scripts" / name), *arguments)


def _entities(out: Path) -> Any:
    command = [sys.executable, str(ROOT / "scripts" / "benchmark_entities.py"), "--json", str(out)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return json.loads(out.read_text("utf-8"))


def _machine() -> dict[str, object]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    said = {name.strip(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    flags = said.get("flags", "").split()
    return {
        "cpu": said.get("model name", "unknown processor"),
        "vectors": next((name for flag, name in _VECTORS.items() if flag in flags), ""),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    main()
