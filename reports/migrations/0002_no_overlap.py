"""Target values of one plan, unit and group never overlap: held by the database itself."""

from django.db import migrations

from foundation.constraints import NoOverlap


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [NoOverlap("TargetValue", ["plan", "unit", "group"])]
