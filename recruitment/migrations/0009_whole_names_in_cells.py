"""Candidates stand in cells with what their names are sorted by."""

from django.db import migrations

from foundation.constraints import Instead
from membership.constraints import NAMED_AT_FIRST, names_of_the_written


class Migration(migrations.Migration):
    dependencies = [("membership", "0014_whole_names_in_cells"), ("recruitment", "0008_put_off")]

    operations = [Instead(names_of_the_written("Candidate", NAMED_AT_FIRST), names_of_the_written("Candidate"))]
