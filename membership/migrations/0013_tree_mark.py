"""The database says which state of the tree it is in."""

from django.db import migrations, models

from membership.constraints import the_tree_changes


class Migration(migrations.Migration):
    dependencies = [("membership", "0012_sessions_of_accounts")]

    operations = [
        migrations.CreateModel(
            name="TreeMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.FloatField()),
            ],
        ),
        migrations.RunSQL("INSERT INTO membership_treemark (id, mark) VALUES (1, random())", migrations.RunSQL.noop),
        the_tree_changes("Position"),
        the_tree_changes("Lineage"),
    ]
