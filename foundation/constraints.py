"""What the database itself holds of interval facts, from one migration operation."""

from typing import Any

from django.db.migrations.operations.base import Operation

_SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {event} ON {table}
WHEN NEW.superseded_at IS NULL AND EXISTS (
    SELECT 1 FROM {table} WHERE superseded_at IS NULL AND {same} AND id <> NEW.id
    AND valid_from < NEW.valid_to AND NEW.valid_from < valid_to)
BEGIN SELECT RAISE(ABORT, '{name}: intervals overlap'); END
"""
_POSTGRES = """
ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
({same}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)
"""


class NoOverlap(Operation):
    """Rows of `model` that are so never overlap for the same subject: an exclusion constraint, on SQLite a trigger."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str, subject: list[str]):
        self.model, self.subject = model, subject

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The constraint stands."""
        table, columns = self._columns(app_label, to_state)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            same = ", ".join(f"{column} WITH =" for column in columns)
            schema_editor.execute(_POSTGRES.format(table=table, name=self._name(table), same=same))
            return
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(_SQLITE.format(table=table, name=self._name(table), same=same, event=event))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The constraint is gone."""
        table, _columns = self._columns(app_label, from_state)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {self._name(table)}")
            return
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER {self._name(table)}_{event}")

    def describe(self) -> str:
        """For `migrate` to print."""
        return f"Intervals of {self.model} never overlap"

    def _columns(self, app_label: str, state: Any) -> tuple[str, list[str]]:
        meta = state.apps.get_model(app_label, self.model)._meta
        return meta.db_table, [f'"{meta.get_field(name).column}"' for name in self.subject]

    def _name(self, table: str) -> str:
        return f"{table}_no_overlap"
