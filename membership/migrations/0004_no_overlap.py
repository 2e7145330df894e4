"""Intervals of one subject never overlap: held by the database itself."""

from django.db import migrations

from foundation.constraints import NoOverlap


class Migration(migrations.Migration):
    dependencies = [("membership", "0003_register")]

    operations = [
        NoOverlap("Position", ["organisation"]),
        NoOverlap("Coverage", ["organisation", "workplace"]),
        NoOverlap("Occupation", ["person"]),
        NoOverlap("MassMembership", ["person", "body"]),
        NoOverlap("MembershipStatus", ["person"]),
        NoOverlap("Placement", ["person", "kind"]),
    ]
