"""A sealing key is taken out of use."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from config.keys import new_key
from membership.management.commands import reseal
from membership.models import ImportBatch, Person
from tests.builders import a_clerk, a_person

pytestmark = pytest.mark.django_db
ROWS = [[2, ["Lê Thị Ánh", "001301000001"]]]


@pytest.fixture
def stored(settings, monkeypatch):
    """Sealed values under a key that is now the second."""
    monkeypatch.setattr(reseal, "_AT_ONCE", 2)
    settings.SEALING_KEYS = [new_key(32)]
    for number in range(5):
        a_person(identity_number=f"00130100000{number}")
    moment = datetime(2024, 5, 1, tzinfo=UTC)
    common = {"template": "members", "file_name": "x.csv", "file_hash": "0" * 64, "as_on": moment.date()}
    ImportBatch.objects.create(**common, uploaded_by=a_clerk(), uploaded_at=moment, rows=ROWS)
    settings.SEALING_KEYS = [new_key(32), *settings.SEALING_KEYS]


def values():
    numbers = sorted(one.identity_number for one in Person.objects.exclude(identity_sealed=""))
    return numbers, ImportBatch.objects.get().rows, ImportBatch.objects.get().before


def test_everything_sealed_opens_with_the_first_key_alone(stored, settings, capsys):
    before, prints = values(), set(Person.objects.values_list("identity_print", flat=True))
    call_command("reseal")
    assert "Sealed with the first key: 6 values." in capsys.readouterr().out
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert values() == before == ([f"00130100000{number}" for number in range(5)], ROWS, [])
    assert set(Person.objects.values_list("identity_print", flat=True)) == prints


def test_what_opens_with_no_key_is_said_and_stays(stored, settings):
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = [new_key(32)]
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("reseal")
    settings.SEALING_KEYS = old
    assert values()[1] == ROWS


def test_every_sealed_column_is_among_them():
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if type(field).__name__.startswith("Sealed") or field.name.endswith("_sealed")
    }
    assert found == set(reseal.SEALED)
