"""How the tables of a ledger came to be, step by step; each step is done whole or not at all."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).parent


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on a connection whose transaction is the caller's."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this version of the program writes."""
    return revisions()[-1]


def revisions() -> tuple[str, ...]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory.from_config(config_for()).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables there; None where there is no ledger."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision inside the caller's transaction."""
    command.upgrade(config_for(connection), revision)
