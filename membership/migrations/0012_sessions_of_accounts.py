"""Sessions know their account. Who is signed in stays so; of sessions taken over the account is known once they are
stored again, which is within a minute of use.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_MOVED = """
INSERT INTO {to} (session_key, session_data, expire_date) SELECT session_key, session_data, expire_date FROM {of}
WHERE TRUE ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0011_names_in_cells"), ("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "session", "verbose_name_plural": "sessions", "abstract": False},
        ),
        migrations.RunSQL(
            [_MOVED.format(of="django_session", to="membership_session"), "DELETE FROM django_session"],
            [_MOVED.format(of="membership_session", to="django_session")],
        ),
    ]
