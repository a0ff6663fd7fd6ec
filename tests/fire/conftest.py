"""The PostgreSQL server of the store tests, for the fire as well."""

from tests.webapp.conftest import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
