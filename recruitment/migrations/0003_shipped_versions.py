"""Loads the procedure versions that come with the program: 0, A and C. Backwards: they are gone."""

import json
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parent.parent / "rulebook" / "procedures"
CODES = ["0", "A", "C"]


def load(apps, schema_editor):
    version_model = apps.get_model("recruitment", "ProcedureVersion")
    stage_model = apps.get_model("recruitment", "AdmissionStage")
    requirement_model = apps.get_model("recruitment", "Requirement")
    for code in CODES:
        data = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
        version = version_model.objects.create(
            code=data["code"], title=data["title"], begins_on=data["begins_on"], documents=data["documents"]
        )
        for row in data["stages"]:
            stage = stage_model.objects.create(
                version=version,
                **{name: row[name] for name in ("code", "title", "order", "after", "evidence", "tier", "resolver")},
            )
            requirement_model.objects.bulk_create(
                requirement_model(stage=stage, order=place, **requirement)
                for place, requirement in enumerate(row["requirements"])
            )


def unload(apps, schema_editor):
    for name, lookup in (
        ("Requirement", "stage__version__code__in"),
        ("AdmissionStage", "version__code__in"),
        ("ProcedureVersion", "code__in"),
    ):
        apps.get_model("recruitment", name).objects.filter(**{lookup: CODES}).delete()


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0002_closings")]
    operations = [migrations.RunPython(load, unload)]
