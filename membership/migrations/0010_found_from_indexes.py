from django.db import migrations, models

from foundation.constraints import FoundWithin


class Migration(migrations.Migration):

    dependencies = [
        ("membership", "0009_begin_with_the_reader"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["search_key", "sort_key", "full_name"], name="person_called"),
        ),
        migrations.RemoveIndex(
            model_name="position",
            name="position_of",
        ),
        migrations.AddIndex(
            model_name="position",
            index=models.Index(
                fields=["organisation", "superseded_at", "valid_from", "valid_to", "path"], name="position_stands"
            ),
        ),
        FoundWithin("Person", "search_key"),
    ]
