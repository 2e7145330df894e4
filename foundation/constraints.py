"""What the database itself holds beyond what models can say, each from one migration operation."""

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
    """Rows of `model` that are so never overlap for the same subject: an exclusion constraint, on SQLite a trigger.

    PostgreSQL compares keys there as ranges of one: with `=` it would look rows up by the constraint's index too, takes
    that for cheaper than the ordinary ones, and reads five times as long. `anew`: made once more, where it may stand.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str, subject: list[str], anew: bool = False):
        self.model, self.subject, self.anew = model, subject, anew

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The constraint stands."""
        table, columns = self._columns(app_label, to_state)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            if self.anew:
                schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {self._name(table)}")
            same = ", ".join(
                f"int8range({column}, {column}, '[]') WITH &&" if is_key else f"{column} WITH ="
                for column, is_key in columns.items()
            )
            schema_editor.execute(_POSTGRES.format(table=table, name=self._name(table), same=same))
            return
        if self.anew:
            return
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(_SQLITE.format(table=table, name=self._name(table), same=same, event=event))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The constraint is gone."""
        if self.anew:
            return
        table, _columns = self._columns(app_label, from_state)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {self._name(table)}")
            return
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER {self._name(table)}_{event}")

    def describe(self) -> str:
        """For `migrate` to print."""
        return f"Intervals of {self.model} never overlap"

    def _columns(self, app_label: str, state: Any) -> tuple[str, dict[str, bool]]:
        """The table, and its columns with whether they hold keys."""
        meta = state.apps.get_model(app_label, self.model)._meta
        fields = [meta.get_field(name) for name in self.subject]
        return meta.db_table, {f'"{field.column}"': field.is_relation for field in fields}

    def _name(self, table: str) -> str:
        return f"{table}_no_overlap"


class FoundWithin(Operation):
    """PostgreSQL finds rows of `model` by what stands anywhere in the text of a field; SQLite reads through all."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str, field: str):
        self.model, self.field = model, field

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The index stands."""
        if schema_editor.connection.vendor == "postgresql":
            table = to_state.apps.get_model(app_label, self.model)._meta.db_table
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(f"CREATE INDEX {self._name(table)} ON {table} USING gin ({self.field} gin_trgm_ops)")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The index is gone."""
        if schema_editor.connection.vendor == "postgresql":
            table = from_state.apps.get_model(app_label, self.model)._meta.db_table
            schema_editor.execute(f"DROP INDEX {self._name(table)}")

    def describe(self) -> str:
        """For `migrate` to print."""
        return f"Rows of {self.model} are found by what is in their {self.field}"

    def _name(self, table: str) -> str:
        return f"{table}_{self.field}_within"


class Whenever(Operation):
    """Whenever a row of `model` is written so (`INSERT`, `UPDATE OF column`), `follows` is carried out; NEW is the row.

    For what no writer may forget; both databases understand the statement as it is. Where it asks nothing of the row,
    PostgreSQL carries it out `once` for all rows of a statement.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str, written: list[str], follows: str, once: bool = False):
        self.model, self.written, self.follows, self.once = model, written, follows, once

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The triggers stand."""
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        then = f"BEGIN {self.follows}; END"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {table}_follows() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {self.follows}; RETURN NULL; END $$"
            )
            then = f"FOR EACH {'STATEMENT' if self.once else 'ROW'} EXECUTE FUNCTION {table}_follows()"
        for number, event in enumerate(self.written):
            schema_editor.execute(f"CREATE TRIGGER {table}_follows_{number} AFTER {event} ON {table} {then}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The triggers are gone."""
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        is_postgres = schema_editor.connection.vendor == "postgresql"
        for number in range(len(self.written)):
            schema_editor.execute(f"DROP TRIGGER {table}_follows_{number}{f' ON {table}' if is_postgres else ''}")
        if is_postgres:
            schema_editor.execute(f"DROP FUNCTION {table}_follows()")

    def describe(self) -> str:
        """For `migrate` to print."""
        return f"What follows whenever a row of {self.model} is written"


class Instead(Operation):
    """What followed whenever a row was written is replaced: `follows` in the place of `followed`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, followed: Whenever, follows: Whenever):
        self.followed, self.follows = followed, follows

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The new triggers stand."""
        self.followed.database_backwards(app_label, schema_editor, from_state, to_state)
        self.follows.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The former triggers stand."""
        self.follows.database_backwards(app_label, schema_editor, from_state, to_state)
        self.followed.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """For `migrate` to print."""
        return f"Something else follows whenever a row of {self.follows.model} is written"
