"""Names stand in cells with what they are sorted by: who comes first is known without a look at each person."""

from django.db import migrations, models

from foundation.constraints import Instead
from membership.constraints import names_follow, names_of_the_written

_AT_FIRST, _NAMED = ("search_key",), ("full_name", "search_key", "sort_key")
_ADDED = {"full_name": 100, "sort_key": 400}
# one statement: a second one over the same rows has PostgreSQL wait with their foreign keys, and refuse the index
_FILLED = """
UPDATE membership_nameincell SET (full_name, sort_key) = (
    SELECT person.full_name, person.sort_key FROM membership_person person WHERE person.id = person_id
)
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0013_tree_mark")]

    operations = [
        # Django adds a column to SQLite by a new table in the place of the old one. While the old one is gone SQLite
        # refuses whatever changes the schema, because the triggers of placements, people and candidates write to it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE membership_nameincell ADD COLUMN {name} varchar({longest}) NOT NULL DEFAULT ''",
                    f"ALTER TABLE membership_nameincell DROP COLUMN {name}",
                )
                for name, longest in _ADDED.items()
            ],
            state_operations=[
                migrations.AddField("nameincell", name, models.CharField(max_length=longest, db_default=""))
                for name, longest in _ADDED.items()
            ],
        ),
        migrations.RunSQL(_FILLED, migrations.RunSQL.noop),
        Instead(names_of_the_written("Placement", _AT_FIRST), names_of_the_written("Placement", _NAMED)),
        Instead(names_follow(_AT_FIRST), names_follow(_NAMED)),
        migrations.RemoveIndex("nameincell", "names_in_cell"),
        migrations.AddIndex(
            "nameincell",
            models.Index(fields=["cell", "search_key", "sort_key", "full_name", "person"], name="names_in_cell"),
        ),
    ]
