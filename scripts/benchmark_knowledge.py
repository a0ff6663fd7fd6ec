"""Speed, memory and exactness of search in a large base: `python scripts/benchmark_knowledge.py`.

Articles and vectors are made (`benchmark_knowledge_base.py`); `--noise` is the length of what is
added to a unit vector. What is measured does not depend on what vectors mean. Everything else is
the product's own: its tables (in SQLite, or in an empty PostgreSQL database), its index, its
search, one thread.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import faiss
import numpy as np
import psutil
from benchmark_knowledge_base import MovedVectors, fill
from scorecard_sets import PACKS
from sqlalchemy import select
from threadpoolctl import threadpool_limits

from knowledge.article import Article, Scope
from knowledge.evaluate import cases_of
from knowledge.loader import load_articles
from knowledge.search import KnowledgeBase
from knowledge.segment import vector_space
from knowledge.text import normalise
from knowledge.vector_index import FlatIndex, VectorIndex, VectorIndexes
from knowledge.vectors import encode_texts, kept_as, unpack
from webapp.bootstrap import make_indexes
from webapp.db import schema, tables
from webapp.db.database import Database
from webapp.live_knowledge import LiveKnowledge
from webapp.pgvector import PgvectorIndexes
from webapp.publish import Publisher, StoredVectors
from webapp.settings import VECTOR_INDEXES

NOW = datetime.now(UTC)
SHARES = (1.0, 0.5, 0.16, 0.05, 0.005)
NEAREST = 48


def stated(what: str, value: object) -> None:
    """Print one figure."""
    sys.stdout.write(json.dumps({what: value}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def memory() -> int:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def memory_now() -> int:
    """The memory that this process has, in MB."""
    return psutil.Process().memory_info().rss // 1024 // 1024


def segments_recall(base: KnowledgeBase, indexes: VectorIndexes, questions: np.ndarray) -> None:
    """The share of the 48 nearest keys that the segments' indexes find, by the share that is
    allowed; of keys that are equally near any will do.
    """
    own = [one.segment.vectors for one in base.live]
    sizes = [len(one.segment.key_kinds) for one in base.live]
    chance = np.random.default_rng(3)
    figures: dict[str, object] = {"keys": sizes}
    for share in SHARES:
        allowed = [chance.random(size) < share for size in sizes]
        same, taken = [], []
        for row in questions:
            pairs = zip(own, allowed, strict=True)
            exact = np.concatenate([one.similar(row, np.flatnonzero(f)) for one, f in pairs])
            started = time.perf_counter()
            found = indexes.search(own, row, limit=NEAREST, allowed=allowed)
            taken.append(1000 * (time.perf_counter() - started))
            best = np.sort(np.concatenate([similar for _, similar in found]))[-NEAREST:]
            same.append(np.mean(best >= np.sort(exact)[-NEAREST] - 1e-6))
        figures[f"recall, {share:.1%} allowed"] = round(float(np.mean(same)), 4)
        figures[f"p95_ms, {share:.1%} allowed"] = round(float(np.percentile(taken, 95)), 2)
    stated("nearest keys, found by the segments' indexes", figures)


def pgvector_recall(db: Database, encoder: MovedVectors, questions: Sequence[str]) -> None:
    """The same of pgvector."""
    hashes, rows = keys_in(db, encoder)
    space = vector_space(encoder.fingerprint, centred=False)
    index = PgvectorIndexes(db).make(rows, hashes, space=space)
    figures = recall(index, rows, asked(encoder, questions))
    stated("pgvector over all keys at once", {"keys": len(rows), **figures})


def recall(index: VectorIndex, rows: np.ndarray, questions: np.ndarray) -> Mapping[str, float]:
    """What an index finds of what is there, and in what time."""
    found: dict[str, float] = {}
    exact = FlatIndex(rows)
    chance = np.random.default_rng(3).random(len(rows))
    for share in SHARES:
        allowed = chance < share
        same, taken = [], []
        for row in questions:
            wanted = exact.search(row, limit=NEAREST, allowed=allowed)
            started = time.perf_counter()
            near = index.search(row, limit=NEAREST, allowed=allowed)
            taken.append(1000 * (time.perf_counter() - started))
            if len(near) < len(wanted):
                raise SystemExit(f"{len(near)} found of {len(wanted)} that are there")
            same.append(len(np.intersect1d(near, wanted)) / len(wanted))
        found[f"recall, {share:.1%} allowed"] = round(float(np.mean(same)), 4)
        found[f"p50_ms, {share:.1%} allowed"] = round(float(np.percentile(taken, 50)), 2)
        found[f"p95_ms, {share:.1%} allowed"] = round(float(np.percentile(taken, 95)), 2)
    return found


def main() -> None:
    """Build, search, change, compare; one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--noise", type=float, default=0.5)
    parser.add_argument("--folder", type=Path, help="where the database goes (4 GB for 100,000)")
    parser.add_argument(
        "--keep", action="store_true", help="leave it in --folder, and fill only what is missing"
    )
    parser.add_argument("--database", help="an empty PostgreSQL database to use instead, and keep")
    parser.add_argument("--vector-index", choices=VECTOR_INDEXES, default="auto")
    options = parser.parse_args()
    if options.keep and options.folder is None:
        parser.error("--keep needs --folder: the place to keep the database in")
    faiss.omp_set_num_threads(1)
    threadpool_limits(1)
    originals = [
        a for p in sorted(PACKS) for a in load_articles(Path("training_data") / p / "knowledge")
    ]
    encoder = MovedVectors(options.noise)
    with contextlib.ExitStack() as stack:
        url = options.database or f"sqlite:///{_place(options, stack)}/jiedai.db"
        schema.upgrade(url)
        db = Database(url)
        stack.callback(db.dispose)
        fill(db, encoder, originals, options.passages)
        questions = [case.question for case in cases_of(originals)][: options.questions]
        measure(db, encoder, questions, make_indexes(db, options.vector_index))
        if options.vector_index == "pgvector":
            pgvector_recall(db, encoder, questions[:100])


def _place(options: argparse.Namespace, stack: contextlib.ExitStack) -> Path:
    if options.keep:
        options.folder.mkdir(parents=True, exist_ok=True)
        return Path(options.folder)
    return Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))


def measure(
    db: Database, encoder: MovedVectors, questions: list[str], indexes: VectorIndexes
) -> None:
    """Build the index of what the database holds, search it, change it."""
    stated("note", "keys have the vectors of the passages they were made from, moved by noise")
    stated("before the build, MB", memory())
    kept = StoredVectors(db)
    base = KnowledgeBase(encoder, encoder=encoder.fingerprint, kept=kept, indexes=indexes)
    started = time.perf_counter()
    live = LiveKnowledge(db, base)
    if isinstance(indexes, PgvectorIndexes):
        indexes.settle()
    stated("built in seconds", round(time.perf_counter() - started, 1))
    stated("passages", live.passage_count)
    stated("after the build, MB at most", memory())
    stated("after the build, MB now", memory_now())
    search(live, encoder, questions, Scope())
    search(live, encoder, questions, Scope(product="耳机"))
    change(db, live, encoder)
    if not isinstance(indexes, PgvectorIndexes):
        segments_recall(base, indexes, asked(encoder, questions[:100]))


def asked(encoder: MovedVectors, questions: Sequence[str]) -> np.ndarray:
    """What the metric makes of questions, one row each."""
    texts = [normalise(question) for question in questions]
    return np.stack([vectors.meaning for vectors in encode_texts(encoder, texts)])


def keys_in(db: Database, encoder: MovedVectors) -> tuple[list[str], np.ndarray]:
    """The hashes and vectors of every key that is kept."""
    kept = tables.passage_vectors.c
    query = select(kept.text_hash, kept.vector)
    query = query.where(kept.encoder == kept_as(encoder.fingerprint))
    hashes, rows = [], []
    with db.read() as work:
        for row in work.session.execute(query.execution_options(yield_per=1000)):
            hashes.append(row.text_hash)
            rows.append(unpack(np.frombuffer(row.vector, np.float32)).meaning.copy())
    return hashes, np.stack(rows)


def search(live: LiveKnowledge, encoder: MovedVectors, questions: list[str], scope: Scope) -> None:
    """Time questions, with the encoder's own time taken away: it remembers what it has seen."""
    encoding, searching = [], []
    for question in questions:
        started = time.perf_counter()
        encode_texts(encoder, [normalise(question)])
        middle = time.perf_counter()
        live.search(question, scope=scope, now=NOW)
        encoding.append(1000 * (middle - started))
        searching.append(1000 * (time.perf_counter() - middle))
    where = "all" if scope.product is None else f"product {scope.product}"
    figures = {
        "searching": {p: round(float(np.percentile(searching, p)), 1) for p in (50, 95)},
        "encoder": {p: round(float(np.percentile(encoding, p)), 1) for p in (50, 95)},
    }
    stated(f"ms a question (p50, p95), {where}", figures)


def change(db: Database, live: LiveKnowledge, encoder: MovedVectors) -> None:
    """Publish one article at a time and ask for it at once."""
    publisher = Publisher(db, encode=encoder, encoder=encoder.fingerprint)
    took = []
    for number in range(20):
        text = f"第{number}号飞船的船票怎么改签？在星港大厅办理。"
        article = Article(id=f"new-{number}", title=f"飞船{number}", body=text)
        started = time.perf_counter()
        publisher.publish(article, by="benchmark", now=NOW)
        hits = live.search(f"第{number}号飞船的船票改签", scope=Scope(), now=NOW).hits
        took.append(time.perf_counter() - started)
        if text not in {hit.passage for hit in hits}:
            raise SystemExit(f"{article.id} was not found")
    for number in range(20):  # so that a database that is kept is the same next time
        publisher.archive(f"new-{number}", by="benchmark", now=NOW)
    live.settle()
    stated("seconds from publishing one article to its answer, at most", round(max(took), 2))


if __name__ == "__main__":
    main()
