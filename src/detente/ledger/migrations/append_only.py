"""Triggers by which the database itself refuses to change or remove a row."""

from collections.abc import Iterable

from alembic import op

REFUSAL = "a ledger adds and never changes: UPDATE and DELETE are refused"
VERBS = ("UPDATE", "DELETE")
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION detente_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""


def trigger(table: str, verb: str) -> str:
    """The name of the trigger that refuses a verb on a table."""
    return f"append_only_{table}_{verb.lower()}"


def protect(tables: Iterable[str]) -> None:
    """Add the triggers of these tables."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_FUNCTION)
    for table in tables:
        if dialect == "postgresql":
            for verb, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
                op.execute(
                    f"CREATE TRIGGER {trigger(table, verb)} BEFORE {verb} ON {table}"
                    f" FOR EACH {level} EXECUTE FUNCTION detente_append_only()"
                )
        else:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {trigger(table, verb)} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
