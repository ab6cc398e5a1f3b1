"""What Alembic runs for each command: the migrations, inside the transaction that the caller has begun."""

from __future__ import annotations

from alembic import context

from connector.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
