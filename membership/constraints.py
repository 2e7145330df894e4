"""What the database itself keeps of this floor's tables: operations for migrations, here and above."""

from django.db.migrations import RunSQL

from foundation.constraints import Whenever

_STANDS_THERE = """
INSERT INTO membership_nameincell (cell_id, person_id, search_key)
SELECT {row}.cell_id, person.id, person.search_key FROM {tables} WHERE person.id = {row}.person_id
ON CONFLICT DO NOTHING
"""


def names_of_the_written(model: str) -> Whenever:
    """Whoever a row of the model names stands in `NameInCell` from then on, with the row's cell."""
    follows = _STANDS_THERE.format(row="NEW", tables="membership_person person")
    return Whenever(model, ["INSERT", "UPDATE OF cell_id, person_id"], follows)


def names_of_the_stored(table: str) -> RunSQL:
    """And so does whoever the table names already."""
    return RunSQL(_STANDS_THERE.format(row="stored", tables=f"{table} stored, membership_person person"), RunSQL.noop)


def names_follow() -> Whenever:
    """Who is called otherwise is found by the new name."""
    return Whenever(
        "Person",
        ["UPDATE OF search_key"],
        "UPDATE membership_nameincell SET search_key = NEW.search_key"
        " WHERE person_id = NEW.id AND search_key <> NEW.search_key",
    )


def the_tree_changes(model: str) -> Whenever:
    """Whatever is written to the model, the tree of units has another mark from then on (`TreeMark`)."""
    changed = "INSERT INTO membership_treemark (id, mark) VALUES (1, random())"
    changed += " ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    return Whenever(model, ["INSERT", "UPDATE", "DELETE"], changed, once=True)
