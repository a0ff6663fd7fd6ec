"""Knowledge under fire: whoever is killed at it leaves articles and index that agree.

Imports, publishing and re-indexing run in processes of their own and are killed (SIGKILL) at
random moments, 54 times in all; after each, whatever is stored is looked at as the next process
would find it. Run one with `pytest -m fire tests/fire/test_knowledge.py -k sqlite`.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from knowledge.article import Scope
from nlu.encoder import Encoder, load_encoder
from tests.fire.knowledge_work import ENCODER, TOPICS, markdown, work_apart, work_on
from webapp.bootstrap import load_knowledge
from webapp.db import schema
from webapp.db.database import Database

KINDS = ("import", "publish", "reindex")
SHOTS_OF_EACH = 9
# One process loads the program, and every other one is forked from it: that is quicker.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.fire.knowledge_work"])

pytestmark = [pytest.mark.fire, pytest.mark.timeout(900)]


@pytest.fixture
def fire_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of the wanted kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'jiedai.db'}"


@dataclass
class Base:
    """A knowledge base that is worked on, and the version that every article should reach."""

    url: str
    folder: Path
    encoder: Encoder
    version: int = 0
    killed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        schema.upgrade(self.url)
        self.db = Database(self.url)

    def write_next(self) -> None:
        """The files of the next version."""
        self.version += 1
        source = self.folder / "kb"
        source.mkdir(exist_ok=True)
        for topic in TOPICS:
            (source / f"{topic}.md").write_text(markdown(topic, self.version), "utf-8")

    def finish(self, kind: str) -> float:
        """Do the work here and to its end; the seconds that it took."""
        began = time.monotonic()
        work_on(kind, self.version, self.db, self.folder, self.encoder)
        return time.monotonic() - began

    def shoot_at(self, kind: str, *, after: float) -> None:
        """Begin the work elsewhere and kill it `after` so many seconds."""
        begun, begins = FORKS.Pipe(duplex=False)
        arguments = (kind, self.version, self.url, self.folder, begins)
        process = FORKS.Process(target=work_apart, args=arguments)
        process.start()
        assert begun.recv() == "go"
        process.join(timeout=after)
        if process.is_alive():
            process.kill()
            process.join()
            self.killed[kind] = self.killed.get(kind, 0) + 1
        assert process.exitcode in (0, -9)
        process.close()
        begun.close()
        begins.close()

    def versions(self) -> dict[str, int]:
        """By article the version that customers get, which history and index must agree with."""
        found = {}
        knowledge = load_knowledge(self.db, self.encoder)
        with self.db.read() as work:
            for article in work.articles.published():
                version = _version_in(article.body)
                live = work.revisions.markdown(article.id, article.revision)
                assert _version_in(live) == version
                found[article.id] = version
        for topic, version in found.items():
            best = knowledge.search(f"{topic}说明", scope=Scope()).hits[0]
            assert best.article_id == topic
            assert _version_in(best.passage) == version
        return found


@pytest.fixture
def base(fire_url: str, tmp_path: Path) -> Iterator[Base]:
    base = Base(fire_url, tmp_path, load_encoder(ENCODER))
    yield base
    base.db.dispose()


@pytest.mark.parametrize("fire_url", ["sqlite", "postgres"], indirect=True)
def test_articles_and_index_agree_after_every_kill(base: Base) -> None:
    rng = random.Random(11)
    base.write_next()
    seconds = {kind: base.finish(kind) for kind in KINDS}
    for kind in KINDS:
        while base.killed.get(kind, 0) < SHOTS_OF_EACH:
            if kind != "reindex":
                base.write_next()
            base.shoot_at(kind, after=rng.uniform(0, seconds[kind]))
            found = base.versions()
            assert set(found) == set(TOPICS)
            assert set(found.values()) <= set(range(1, base.version + 1))
    base.write_next()
    base.finish("import")
    assert set(base.versions().values()) == {base.version}


def _version_in(text: str) -> int:
    found = re.search(r"第(\d+)版", text)
    assert found is not None
    return int(found[1])
