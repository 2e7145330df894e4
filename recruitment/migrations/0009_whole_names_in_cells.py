"""Candidates stand in cells with what their names are sorted by."""

from django.db import migrations

from foundation.constraints import Instead
from membership.constraints import names_of_the_written

_AT_FIRST, _NAMED = ("search_key",), ("full_name", "search_key", "sort_key")
# whoever the former trigger, or 0005 after membership's 0014, has put there
_FILLED = """
UPDATE membership_nameincell SET (full_name, sort_key) = (
    SELECT person.full_name, person.sort_key FROM membership_person person WHERE person.id = person_id
) WHERE sort_key = ''
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0014_whole_names_in_cells"), ("recruitment", "0008_put_off")]

    operations = [
        Instead(names_of_the_written("Candidate", _AT_FIRST), names_of_the_written("Candidate", _NAMED)),
        migrations.RunSQL(_FILLED, migrations.RunSQL.noop),
    ]
