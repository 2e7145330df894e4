from django.db import migrations

from foundation.constraints import FoundWithin


class Migration(migrations.Migration):

    dependencies = [
        ("membership", "0009_begin_with_the_reader"),
    ]

    operations = [
        FoundWithin("Person", "search_key"),
    ]
