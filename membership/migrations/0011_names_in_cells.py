"""The names of all who are found in a cell: an index over three tables, kept by the database itself."""

import django.db.models.deletion
from django.db import migrations, models

from membership.constraints import names_follow, names_of_the_stored, names_of_the_written

_NAMED = ("search_key",)


class Migration(migrations.Migration):
    dependencies = [("membership", "0010_found_from_indexes")]

    operations = [
        migrations.CreateModel(
            name="NameInCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("search_key", models.CharField(max_length=300)),
                (
                    "cell",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="membership.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="membership.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cell", "search_key", "person"], name="names_in_cell")],
                "constraints": [models.UniqueConstraint(fields=("person", "cell"), name="one_name_in_cell")],
            },
        ),
        names_of_the_written("Placement", _NAMED),
        names_follow(_NAMED),
        names_of_the_stored("membership_placement", _NAMED),
    ]
