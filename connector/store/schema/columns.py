"""The registry of all tables, and the columns that most of them have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


def workspace_id() -> Column[int]:
    """Whose row it is; every table but those of machines has it."""
    return Column("workspace_id", Id, ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False)


def row_id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def text_column(name: str) -> Column[str]:
    """Text of any length, empty where there is none."""
    return Column(name, Text, nullable=False, server_default="")
