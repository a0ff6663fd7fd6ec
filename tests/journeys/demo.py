"""The real thing, built once: trained understanding, imported articles, a demo shop, a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from dialogue.bot import Bot
from handoff.agent import Role
from nlu.encoder import load_encoder
from webapp.app import create_app
from webapp.auth.passwords import hash_password
from webapp.auth.tokens import hash_token, new_token
from webapp.bootstrap import build_services, make_publisher
from webapp.cli.chat import demo_shop
from webapp.cli.setup import train_if_needed
from webapp.db import schema
from webapp.db.database import Database, utc_now
from webapp.file_store import FileStore
from webapp.importing import Importer
from webapp.secrets import create
from webapp.services import Services
from webapp.settings import Settings, write_config


@dataclass(frozen=True)
class Demo:
    """The demo installation with its bot; `client` talks to it over HTTP."""

    services: Services
    bot: Bot
    client: httpx.Client
    staff_token: str


@contextmanager
def demo_installation(folder: Path, *, pack: str) -> Iterator[Demo]:
    """The demo of a pack in `folder`; its model is trained by the first run only."""
    write_config(folder, {"pack": pack})
    settings = Settings.from_env(data=folder)
    create(settings.secrets_folder)
    schema.upgrade(settings.database_url)
    encoder = load_encoder(settings.encoder_source)
    train_if_needed(settings, encoder)
    db = Database(settings.database_url)
    articles = settings.pack_folder / "knowledge"
    importer = Importer(db, make_publisher(db, encoder), FileStore(settings.files_folder))
    importer.import_path(articles, by="test", now=utc_now())
    token = _agent(db)
    db.dispose()
    services = build_services(settings)
    assert services.bot is not None, services.faults
    with demo_shop(services.bot) as bot:
        services = replace(services, bot=bot)
        transport = httpx.WSGITransport(app=create_app(services))
        with httpx.Client(transport=transport, base_url="http://demo") as client:
            yield Demo(services, bot, client, token)
    services.db.dispose()


def _agent(db: Database) -> str:
    token = new_token()
    with db.write() as work:
        staff = work.staff.add(
            email="watcher@example.com", name="Watcher", role=Role.SUPERVISOR,
            password_hash=hash_password("correct horse battery"), now=utc_now(),
        )  # fmt: skip
        work.tokens.add(hash_token(token), staff_id=staff.id, name="test", now=utc_now())
    return token
