"""Meetings of one unit on one day, made by two clerks at the same moment, become one. Backwards it stays one."""

from django.db import migrations, models


def merge(apps, schema_editor):
    """Votes and the word that it was held go to the first of them."""
    meetings = apps.get_model("recruitment", "Meeting").objects
    votes = apps.get_model("recruitment", "Vote")._base_manager
    doubled = meetings.values("organisation", "held_on").annotate(first=models.Min("pk"), number=models.Count("pk"))
    for one in doubled.filter(number__gt=1):
        same = meetings.filter(organisation=one["organisation"], held_on=one["held_on"])
        votes.filter(meeting__in=same).update(meeting=one["first"])
        same.update(booked=not same.filter(booked=False).exists())
        same.exclude(pk=one["first"]).delete()


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0005_names_in_cells")]

    operations = [migrations.RunPython(merge, migrations.RunPython.noop)]
