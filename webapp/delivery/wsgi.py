"""What gunicorn serves as the stream: `webapp.delivery.wsgi:build()`."""

from __future__ import annotations

from flask import Flask

from webapp.db.database import Database
from webapp.delivery.app import create_app
from webapp.delivery.hub import Hub
from webapp.logs import configure_logging
from webapp.secrets import Secrets
from webapp.services import Services
from webapp.settings import Settings

_SPARE_THREADS = 16


def build() -> Flask:
    """The stream of the installation that the environment names; it only reads the database."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    services = Services(
        settings=settings,
        db=Database(settings.database_url, read_only=True),
        secrets=Secrets.load(settings.secrets_folder),
    )
    hub = Hub(services.db)
    hub.start()
    # Some threads stay free, so that one who finds no place is told so instead of waiting.
    most = max(1, settings.stream_threads - _SPARE_THREADS)
    return create_app(services, hub, most=most)
