"""What the database itself keeps of this floor's tables: operations for migrations, here and above."""

from collections.abc import Sequence

from django.db.migrations import RunSQL

from foundation.constraints import Whenever

NAMED = ("full_name", "search_key", "sort_key")  # what `NameInCell` has of a person; migrations say it themselves
_STANDS_THERE = """
INSERT INTO membership_nameincell (cell_id, person_id, {names})
SELECT {row}.cell_id, person.id, {theirs} FROM {tables} WHERE person.id = {row}.person_id
ON CONFLICT DO NOTHING
"""
_IS_CALLED = "UPDATE membership_nameincell SET {values} WHERE person_id = NEW.id AND ({differs})"


def names_of_the_written(model: str, named: Sequence[str]) -> Whenever:
    """Whoever a row of the model names stands in `NameInCell` from then on, with the row's cell."""
    follows = _stands_there("NEW", "membership_person person", named)
    return Whenever(model, ["INSERT", "UPDATE OF cell_id, person_id"], follows)


def names_of_the_stored(table: str, named: Sequence[str]) -> RunSQL:
    """And so does whoever the table names already."""
    return RunSQL(_stands_there("stored", f"{table} stored, membership_person person", named), RunSQL.noop)


def names_follow(named: Sequence[str]) -> Whenever:
    """Who is called otherwise is found by the new name."""
    values = ", ".join(f"{name} = NEW.{name}" for name in named)
    differs = " OR ".join(f"{name} <> NEW.{name}" for name in named)
    return Whenever("Person", [f"UPDATE OF {', '.join(named)}"], _IS_CALLED.format(values=values, differs=differs))


def _stands_there(row: str, tables: str, named: Sequence[str]) -> str:
    theirs = ", ".join(f"person.{name}" for name in named)
    return _STANDS_THERE.format(row=row, tables=tables, names=", ".join(named), theirs=theirs)


def the_tree_changes(model: str) -> Whenever:
    """Whatever is written to the model, the tree of units has another mark from then on (`TreeMark`)."""
    changed = "INSERT INTO membership_treemark (id, mark) VALUES (1, random())"
    changed += " ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    return Whenever(model, ["INSERT", "UPDATE", "DELETE"], changed, once=True)
