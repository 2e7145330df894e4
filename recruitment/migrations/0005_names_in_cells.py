"""Candidates are found by their names, begun with the cells."""

from django.db import migrations

from membership.constraints import names_of_the_stored, names_of_the_written

_NAMED = ("search_key",)


class Migration(migrations.Migration):
    dependencies = [("membership", "0011_names_in_cells"), ("recruitment", "0004_begin_with_the_reader")]

    operations = [
        names_of_the_written("Candidate", _NAMED),
        names_of_the_stored("recruitment_candidate", _NAMED),
    ]
