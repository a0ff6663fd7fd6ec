"""Search in PostgreSQL: the same passages as in memory, one copy for all, filters hold."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from knowledge.article import Article, Scope
from knowledge.search import KnowledgeBase
from knowledge.vector_index import FlatIndex, IndexesInMemory, VectorIndexes
from tests.knowledge.letters import LetterEncoder, make_article
from webapp import pgvector
from webapp.db import near_vectors, schema
from webapp.db.database import Database
from webapp.db.errors import StoreUnavailable, VectorsMissing
from webapp.db.near_vectors import Extension, NearVectors
from webapp.live_knowledge import LiveKnowledge
from webapp.pgvector import NoPgvector, PgvectorIndexes, check_pgvector, judge
from webapp.publish import Publisher, StoredVectors

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def unit_rows(count: int, size: int, seed: int = 7) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def hashes(count: int, begin: int = 0) -> list[str]:
    return [sha256(str(n).encode()).hexdigest() for n in range(begin, begin + count)]


def stored(db: Database) -> int:
    with db.read() as work:
        return sum(
            NearVectors(work.session, name).count() for name in near_vectors.tables(work.session)
        )


@pytest.fixture(params=["looked at one by one", "through a graph"])
def graph(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the base counts as a large one, for which a graph is built."""
    large = request.param == "through a graph"
    if large:
        monkeypatch.setattr(pgvector, "MANY", 1)
        monkeypatch.setattr(pgvector, "FEW", 40)
    return large


@pytest.mark.parametrize("share", [1.0, 0.5, 0.16, 0.02, 0.003])
def test_the_nearest_allowed_are_found_under_any_filter(
    postgres_db: Database, graph: bool, share: float
) -> None:
    rows, allowed = unit_rows(3000, 24), np.random.default_rng(1).random(3000) < share
    indexes, exact = PgvectorIndexes(postgres_db), FlatIndex(rows)
    index = indexes.make(rows, hashes(3000), space="letters")
    indexes.finish()
    indexes.settle()
    same = []
    for row in unit_rows(20, 24, seed=3):
        wanted = exact.search(row, limit=10, allowed=allowed)
        found = index.search(row, limit=10, allowed=allowed)
        assert allowed[found].all()
        assert len(found) == min(10, np.count_nonzero(allowed))
        similar = index.similar(row, found)
        assert np.allclose(similar, rows[found] @ row, atol=1e-5)
        assert (np.diff(similar) <= 1e-6).all()
        same.append(len(np.intersect1d(found, wanted)) / len(wanted))
    assert np.mean(same) == 1 if not graph else np.mean(same) >= 0.97


def test_a_large_base_has_a_graph_and_uses_it(
    postgres_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pgvector, "MANY", 1000)
    indexes = PgvectorIndexes(postgres_db)
    indexes.make(unit_rows(999, 24), hashes(999), space="letters")
    indexes.finish()
    indexes.settle()
    [name] = tables_of(postgres_db)
    with postgres_db.read() as work:
        assert not near_vectors.has_graph(work.session, name)
    indexes.make(unit_rows(4000, 24, seed=2), hashes(4000, 999), space="letters")
    indexes.finish()
    indexes.settle()
    with postgres_db.read() as work:
        assert near_vectors.has_graph(work.session, name)
        question = str(unit_rows(1, 24)[0].tolist())
        plan = work.session.scalars(
            text(f"EXPLAIN SELECT id FROM {name} ORDER BY vector <#> '{question}' LIMIT 60")  # noqa: S608
        ).all()
    assert any(f"{name}_graph" in line for line in plan)


def tables_of(db: Database) -> list[str]:
    with db.read() as work:
        return near_vectors.tables(work.session)


def test_processes_share_one_copy_and_add_only_what_is_new(postgres_db: Database) -> None:
    rows = unit_rows(500, 8)

    def start(_number: int) -> None:
        PgvectorIndexes(postgres_db).make(rows, hashes(500), space="letters")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert stored(postgres_db) == 500
    PgvectorIndexes(postgres_db).make(rows[:20], hashes(20, 490), space="letters")
    assert stored(postgres_db) == 510


def test_spaces_do_not_meet(postgres_db: Database) -> None:
    indexes = PgvectorIndexes(postgres_db)
    one = indexes.make(unit_rows(50, 8), hashes(50), space="before")
    other = indexes.make(unit_rows(50, 8, seed=5), hashes(50), space="after")
    everything, question = np.ones(50, bool), unit_rows(1, 8, seed=9)[0]
    for index, seed in ((one, 7), (other, 5)):
        wanted = FlatIndex(unit_rows(50, 8, seed=seed))
        found = index.search(question, limit=5, allowed=everything)
        assert list(found) == list(wanted.search(question, limit=5, allowed=everything))
    assert len(tables_of(postgres_db)) == 2


def test_one_text_at_two_passages_is_found_at_both(postgres_db: Database) -> None:
    rows = unit_rows(4, 8)[[0, 1, 0, 2]]
    names = [hashes(3)[n] for n in (0, 1, 0, 2)]
    index = PgvectorIndexes(postgres_db).make(rows, names, space="letters")
    found = index.search(rows[0], limit=2, allowed=np.ones(4, bool))
    assert sorted(found) == [0, 2]
    only = np.array([False, True, True, True])
    assert index.search(rows[0], limit=1, allowed=only).tolist() == [2]


def test_segments_are_searched_together(postgres_db: Database) -> None:
    rows = unit_rows(300, 8)
    ours: VectorIndexes = PgvectorIndexes(postgres_db)
    everything = [np.arange(100) % 3 > 0, np.arange(200) % 2 > 0]
    found = {}
    for name, indexes in (("pgvector", ours), ("memory", IndexesInMemory())):
        parts = [
            indexes.make(rows[:100], hashes(100), space="letters"),
            indexes.make(rows[100:], hashes(200, 100), space="letters"),
        ]
        near = indexes.search(parts, rows[5], limit=300, allowed=everything)
        found[name] = [places.tolist() for places, _ in near]
    assert found["pgvector"] == found["memory"]


def articles() -> list[Article]:
    return [
        make_article("returns", "七天内可退。"),
        make_article("lobster", "龙虾趁热吃。"),
        make_article("ship", "船票在星港改签。"),
    ]


def living(db: Database) -> LiveKnowledge:
    base = KnowledgeBase(
        LetterEncoder(), encoder="letters", kept=StoredVectors(db), indexes=PgvectorIndexes(db)
    )
    return LiveKnowledge(db, base)


def publish(db: Database, *published: Article) -> None:
    publisher = Publisher(db, encode=LetterEncoder(), encoder="letters")
    for article in published:
        publisher.publish(article, by="editor", now=NOW)


def test_answers_are_those_of_a_search_in_memory(postgres_db: Database) -> None:
    publish(postgres_db, *articles())
    memory = KnowledgeBase(LetterEncoder(), encoder="letters", articles=articles())
    knowledge = living(postgres_db)
    for question in ("龙虾怎么吃", "几天内可退", "船票改签"):
        here = knowledge.search(question, scope=Scope()).hits
        there = memory.search(question, scope=Scope()).hits
        assert [hit.passage for hit in here] == [hit.passage for hit in there]
        assert [hit.score for hit in here] == pytest.approx([hit.score for hit in there], abs=1e-3)


def test_a_change_is_found_at_the_next_question(postgres_db: Database) -> None:
    publish(postgres_db, *articles())
    one, other = living(postgres_db), living(postgres_db)
    publish(postgres_db, make_article("lobster", "龙虾先剪须。"))
    for knowledge in (one, other):
        hits = knowledge.search("龙虾怎么吃", scope=Scope()).hits
        assert hits[0].passage == "龙虾先剪须。"


@pytest.mark.parametrize("lost", ["DELETE FROM {0}", "DROP TABLE {0}"])
def test_vectors_that_somebody_removed_are_missed_and_put_back(
    postgres_db: Database, lost: str
) -> None:
    publish(postgres_db, *articles())
    knowledge = living(postgres_db)
    [name] = tables_of(postgres_db)
    with postgres_db.write() as work:
        work.session.execute(text(lost.format(name)))
    with pytest.raises(VectorsMissing):
        knowledge.search("龙虾怎么吃", scope=Scope())
    knowledge.settle()
    assert knowledge.search("龙虾怎么吃", scope=Scope()).hits[0].passage == "龙虾趁热吃。"


def test_a_database_that_is_away_gives_no_half_answers(
    postgres_db: Database, postgres_server: str
) -> None:
    publish(postgres_db, *articles())
    knowledge = living(postgres_db)
    name = make_url(postgres_db.url).database
    address = make_url(postgres_server).set(drivername="postgresql+psycopg")
    server = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    postgres_db.dispose()
    with server.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        with pytest.raises(StoreUnavailable):
            knowledge.search("龙虾怎么吃", scope=Scope())
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
    assert knowledge.search("龙虾怎么吃", scope=Scope()).hits[0].passage == "龙虾趁热吃。"


def test_migrations_do_not_mind_the_tables(postgres_db: Database) -> None:
    PgvectorIndexes(postgres_db).make(unit_rows(5, 8), hashes(5), space="letters")
    assert schema.differences(postgres_db.url) == []


def test_another_database_than_postgresql_is_refused_with_the_remedy(sqlite_db: Database) -> None:
    with pytest.raises(NoPgvector, match=r"needs PostgreSQL.*JIEDAI_VECTOR_INDEX=auto"):
        PgvectorIndexes(sqlite_db)


def test_a_server_with_pgvector_will_do_before_and_after_it_is_installed(
    postgres_db: Database,
) -> None:
    assert "to be installed" in check_pgvector(postgres_db)
    PgvectorIndexes(postgres_db).make(unit_rows(5, 8), hashes(5), space="letters")
    assert tuple(map(int, check_pgvector(postgres_db).split("."))) >= near_vectors.LEAST_VERSION


@pytest.fixture
def plain_user(postgres_db: Database) -> Iterator[Database]:
    """The same database through a user who may not create anything in it."""
    administering = postgres_db.engine.execution_options(isolation_level="AUTOCOMMIT")
    name = f"plain_{make_url(postgres_db.url).database}"
    with administering.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"))
    database = Database(
        make_url(postgres_db.url).set(username=name).render_as_string(hide_password=False)
    )
    yield database
    database.dispose()
    with administering.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


def test_a_user_who_may_not_install_it_is_told_who_may(
    postgres_db: Database, plain_user: Database
) -> None:
    with pytest.raises(NoPgvector, match="administrator run CREATE EXTENSION vector"):
        check_pgvector(plain_user)
    with postgres_db.write() as work:
        work.session.execute(text("CREATE EXTENSION vector"))
    assert check_pgvector(plain_user)


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (Extension(None, None, may_create=True), "install its package"),
        (Extension("0.7.4", None, may_create=True), "0.7.4, 0.8 or newer is needed"),
        (Extension("0.8.1", "0.5.0", may_create=True), "ALTER EXTENSION vector UPDATE"),
        (Extension("0.8.1", None, may_create=False), "CREATE EXTENSION vector"),
    ],
)
def test_what_is_wrong_with_the_extension_is_named(found: Extension, remedy: str) -> None:
    with pytest.raises(NoPgvector, match=remedy):
        judge(found)


def test_more_numbers_than_the_graph_takes_are_refused(postgres_db: Database) -> None:
    indexes = PgvectorIndexes(postgres_db)
    with pytest.raises(NoPgvector, match="2500 numbers"):
        indexes.make(unit_rows(2, 2500), hashes(2), space="letters")
