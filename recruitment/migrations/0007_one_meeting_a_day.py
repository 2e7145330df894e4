from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0006_meetings_made_twice")]

    operations = [
        migrations.RemoveIndex(model_name="meeting", name="meeting_day"),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=["organisation", "held_on"], name="one_meeting_a_day"),
        ),
    ]
