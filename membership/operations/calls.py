"""What was said in a call with a member or a unit: it stands in the timeline, and changes nothing else."""

from __future__ import annotations

from foundation.operation import Act, operation
from membership.models import Organisation, Person


def _of_the_person(person: Person) -> Organisation | None:
    return person.permission_unit()


def _the_unit(organisation: Organisation) -> Organisation:
    return organisation


@operation("note_call_with_person", capability="member.write", beside="person", over=_of_the_person)
def note_call_with_person(act: Act, *, person: Person, with_whom: str, text: str) -> Person:
    """The call stands in the person's timeline."""
    _note(act, person, str(person.pk), with_whom, text)
    return person


@operation("note_call_with_unit", capability="member.write", beside="organisation", over=_the_unit)
def note_call_with_unit(act: Act, *, organisation: Organisation, with_whom: str, text: str) -> Organisation:
    """The call stands in the unit's timeline."""
    _note(act, organisation, organisation.code, with_whom, text)
    return organisation


def _note(act: Act, thing: Organisation | Person, named: str, with_whom: str, text: str) -> None:
    act.about(thing)
    act.note(named, "with_whom", None, with_whom)
    act.note(named, "said", None, text)
