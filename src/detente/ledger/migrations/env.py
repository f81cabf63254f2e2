"""Runs the migrations on the connection that the caller gives, inside the caller's transaction."""

from alembic import context

from detente.ledger.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
context.run_migrations()
