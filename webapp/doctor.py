"""Doctor: looks at every link of the chain and names the remedy where one is broken."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from dialogue.errors import DialogueError
from dialogue.pack import load_pack
from knowledge.errors import KnowledgeError
from nlu.adaptation import adaptation_hash
from nlu.encoder import Encoder, load_encoder
from nlu.encoder_manifest import TRAINING_FILE, read_figures, read_manifest
from nlu.errors import ModelMismatch, ModelUnavailable, NluError
from webapp.bootstrap import load_knowledge
from webapp.db import schema
from webapp.db.database import Database
from webapp.db.errors import StoreError
from webapp.pgvector import check_pgvector
from webapp.processes.supervisor import running
from webapp.secrets import Secrets, SecretsMissing
from webapp.settings import Settings
from webapp.understanding import load_understanding

_LEAST_FREE_BYTES = 500 * 1024 * 1024
_PROCESSES = {"front", "web", "stream", "worker"}
_EXPECTED = (DialogueError, KnowledgeError, NluError, StoreError, SecretsMissing)


@dataclass(frozen=True, slots=True)
class Finding:
    """One link of the chain: whether it holds, and what was seen or what to do."""

    name: str
    ok: bool
    message: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at one link after the other; what depends on a broken one is left out."""
    yield from (_folder(settings), _space(settings), _try("secrets", lambda: _secrets(settings)))
    database = _try("database", lambda: _database(settings))
    yield database
    if database.ok:
        yield _try("migrations", lambda: _migrations(settings))
        if settings.vector_index == "pgvector":
            yield _try("vector index", lambda: _pgvector(settings))
    try:
        encoder = load_encoder(settings.encoder_source)
    except NluError as error:
        yield Finding("encoder", False, str(error))
    else:
        yield _try("encoder", lambda: _encoder(settings, encoder))
        yield _try("model", lambda: _model(settings, encoder))
        if database.ok:
            yield _try("index", lambda: _index(settings, encoder))
    yield _try("pack", lambda: _pack(settings))
    yield _processes(settings)


def _try(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except _EXPECTED as error:
        return Finding(name, False, str(error) or type(error).__name__)


def _folder(settings: Settings) -> Finding:
    if not os.access(settings.data, os.W_OK):
        return Finding(
            "data folder", False, f"{settings.data} is not writable: change who owns it."
        )
    return Finding("data folder", True, str(settings.data))


def _space(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data).free
    text = f"{free / 1e9:.1f} GB free"
    if free < _LEAST_FREE_BYTES:
        return Finding("disk space", False, f"{text}: make room before the database is full.")
    return Finding("disk space", True, text)


def _secrets(settings: Settings) -> str:
    Secrets.load(settings.secrets_folder)
    for path in settings.secrets_folder.iterdir():
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretsMissing(f"{path} can be read by others: chmod 600 {path}")
    return "there, and readable by their owner only"


def _database(settings: Settings) -> str:
    with Database(settings.database_url).read() as work:
        name = work.session.get_bind().dialect.name
        if name == "sqlite":
            found = work.session.execute(text("PRAGMA quick_check(1)")).scalar_one()
            if found != "ok":
                raise StoreError(f"The file is damaged ({found}): restore the latest backup.")
    return name


def _migrations(settings: Settings) -> str:
    schema.check_current(settings.database_url)
    return f"at step {schema.newest()}"


def _pgvector(settings: Settings) -> str:
    return f"pgvector {check_pgvector(Database(settings.database_url))}"


def _encoder(settings: Settings, encoder: Encoder) -> str:
    seen = f"{encoder.dimension} dimensions"
    if _is_older(Path(settings.encoder_source)):
        message = (
            f"{settings.encoder_source} was made by another version of Jiedai: run scripts/setup or"
            " `jiedai encoder build`, and start again; models are trained anew."
        )
        raise ModelMismatch(message)
    if settings.encoder:
        return f"{seen}, set as {settings.encoder}"
    figures = read_figures(settings.tuned_encoder)
    if not figures:
        return f"{seen}, built in"
    before, after = (figures[when].get("accuracy") for when in ("before", "after"))
    return f"{seen}, fine-tuned: accuracy on held-out texts {after}, {before} before"


def _is_older(folder: Path) -> bool:
    """Whether a converted encoder that nobody fine-tuned has other reading layers than these."""
    try:
        manifest = read_manifest(folder)
    except ModelUnavailable:
        return False  # a sentence-transformers model
    return TRAINING_FILE not in manifest.files and manifest.adaptation_sha256 != adaptation_hash()


def _model(settings: Settings, encoder: Encoder) -> str:
    try:
        model = load_understanding(settings.nlu_model, encoder=encoder, pack=settings.pack_folder)
    except (ModelUnavailable, ModelMismatch) as error:
        remedy = f"or let `jiedai init --data {settings.data}` train the pack's"
        raise ModelUnavailable(f"{error}, {remedy}") from error
    understood = model.understand("你好")
    return f"understands 你好 as {understood.intent.name} ({understood.intent.confidence:.2f})"


def _index(settings: Settings, encoder: Encoder) -> str:
    knowledge = load_knowledge(
        Database(settings.database_url), encoder, vector_index=settings.vector_index
    )
    if knowledge.passage_count == 0:
        return "empty: import articles with `jiedai kb import`"
    return f"{knowledge.passage_count} passages"


def _pack(settings: Settings) -> str:
    pack = load_pack(settings.pack_folder)
    return f"{settings.pack}: {len(pack.flows)} flows, languages {', '.join(sorted(pack.wording))}"


def _processes(settings: Settings) -> Finding:
    alive = running(settings)
    if not alive:
        command = f"jiedai up --data {settings.data}"
        return Finding("processes", True, f"not running; start with `{command}`")
    missing = _PROCESSES - set(alive)
    if missing:
        return Finding(
            "processes",
            False,
            f"{', '.join(sorted(missing))} not running: see {settings.logs_folder}, then stop and "
            "start `jiedai up`.",
        )
    return Finding("processes", True, ", ".join(f"{n} ({p})" for n, p in sorted(alive.items())))
