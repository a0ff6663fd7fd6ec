"""Alembic's entry: runs the migrations on the connection that webapp.db.schema hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from webapp.db.tables import metadata


def run() -> None:
    """Run the wanted steps inside one transaction."""
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("Migrations run through webapp.db.schema.")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
