"""The one metadata of every table, how constraints are called, and columns that many have."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    """The number that the database gives a row."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def brand_column() -> Column[str]:
    """Whose row it is where a group keeps several brands apart."""
    return Column("brand_id", String(64), nullable=False, server_default="default")
