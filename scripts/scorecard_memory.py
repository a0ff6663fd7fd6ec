"""Serve from a model folder in this process; prints what it holds, and how long loading took.

`python scripts/scorecard_memory.py MODEL TEXTS`, where TEXTS has a message a line before a tab.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import psutil

from nlu.encoder import load_encoder
from webapp.settings import Settings
from webapp.understanding import load_understanding


def main(model: Path, texts: Path) -> None:
    """Load, answer, print."""
    settings = Settings.from_env(data=model.parent)
    encoder = load_encoder(settings.encoder_source)
    started = time.perf_counter()
    pipeline = load_understanding(model, encoder=encoder, pack=settings.pack_folder)
    seconds = time.perf_counter() - started
    for line in texts.read_text("utf-8").splitlines()[:400]:
        pipeline.understand(line.split("\t")[0])
    megabytes = psutil.Process().memory_info().rss / 1e6
    json.dump({"serving_mb": megabytes, "model_load_seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
