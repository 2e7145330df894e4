"""Rows of register files wait sealed. Files uploaded before are to be uploaded again: no release ever kept any."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0005_withdrawn_workplace'),
    ]

    operations = [
        migrations.RemoveField(model_name='importbatch', name='rows'),
        migrations.AddField(model_name='importbatch', name='rows', field=models.TextField(default=''), preserve_default=False),
        migrations.AddField(model_name='importbatch', name='lossy', field=models.JSONField(default=list)),
        migrations.AddField(model_name='importbatch', name='before', field=models.TextField(default=''), preserve_default=False),
    ]
