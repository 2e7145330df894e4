"""Names stand in cells with what they are sorted by: who comes first is known from the index alone."""

from django.db import migrations, models

from foundation.constraints import Instead
from membership.constraints import NAMED_AT_FIRST, names_follow, names_of_the_written

_ADDED = {"full_name": 100, "sort_key": 400}
_FILLED = """
UPDATE membership_nameincell SET {0} = (SELECT person.{0} FROM membership_person person WHERE person.id = person_id)
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0013_tree_mark")]

    operations = [
        # as Django adds a column to SQLite, by a new table in the place of the old one, triggers of others would break
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
        migrations.RunSQL([_FILLED.format(name) for name in _ADDED], migrations.RunSQL.noop),
        Instead(names_of_the_written("Placement", NAMED_AT_FIRST), names_of_the_written("Placement")),
        Instead(names_follow(NAMED_AT_FIRST), names_follow()),
        migrations.RemoveIndex("nameincell", "names_in_cell"),
        migrations.AddIndex(
            "nameincell",
            models.Index(fields=["cell", "search_key", "sort_key", "full_name", "person"], name="names_in_cell"),
        ),
    ]
