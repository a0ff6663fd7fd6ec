"""What gunicorn serves: `webapp.wsgi:build()`."""

from __future__ import annotations

from flask import Flask

from webapp.app import create_app
from webapp.bootstrap import build_services
from webapp.logs import configure_logging
from webapp.settings import Settings


def build() -> Flask:
    """The application of the installation that the environment names."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    return create_app(build_services(settings))
