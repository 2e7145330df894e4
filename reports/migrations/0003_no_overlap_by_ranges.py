"""The constraint of 0002, written so that PostgreSQL does not look rows up by its index."""

from django.db import migrations

from foundation.constraints import NoOverlap


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_no_overlap")]

    operations = [NoOverlap("TargetValue", ["plan", "unit", "group"], anew=True)]
