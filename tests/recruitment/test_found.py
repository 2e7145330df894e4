"""What the search box finds: candidacies by the person's name, and by the number of a paper."""

from datetime import date

import pytest

from membership.models import Certificate
from recruitment import operations
from recruitment.models import Document
from tests.builders import (
    a_candidate,
    a_cell,
    a_certificate,
    a_clerk,
    a_complete_candidate,
    a_person,
    a_town,
    a_ward,
    decided,
    on_day,
    signed_in,
    submitted_by,
    taken_up,
    voted,
    with_papers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with on_day(date(2024, 10, 1)):
        yield


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def cell(town):
    return a_cell("Chi bộ khu 2", under=a_ward("Phường Yên Hải", under=town))


@pytest.fixture
def desk(town):
    return signed_in(a_clerk(of=town))


def found(desk, label, text):
    groups = {str(group["label"]): group["rows"] for group in desk.get("/search/", {"q": text}).context["groups"]}
    return [(row["text"], row["note"], row["url"]) for row in groups.get(label, ())]


def test_a_name_leads_to_the_candidacy_and_says_its_next_stage_and_cell(desk, cell):
    candidate = a_candidate(cell, person=a_person(full_name="Trần Thị Ánh"))
    a_candidate(a_cell(under=a_ward(under=a_town())), person=a_person(full_name="Trần Thị Ánh"))
    note = "Next: Taken up, Chi bộ khu 2, Phường Yên Hải"
    assert found(desk, "Candidates", "tran thi anh") == [("Trần Thị Ánh", note, candidate.get_absolute_url())]


def test_a_candidacy_that_rests_is_found_with_its_state(desk, cell, town):
    candidate = taken_up(a_candidate(cell, person=a_person(full_name="Trần Thị Ánh")))
    operations.pause(submitted_by(a_clerk(of=town), reason="ốm"), candidate=candidate, happened_on=date(2024, 10, 1))
    [(_who, note, _url)] = found(desk, "Candidates", "tran thi anh")
    assert note == "Paused, Chi bộ khu 2, Phường Yên Hải"


def test_a_decision_is_found_by_the_beginning_of_its_number(desk, cell):
    candidate = decided(voted(a_complete_candidate(cell, person=a_person(full_name="Trần Thị Ánh"))))
    decided(voted(a_complete_candidate(a_cell(under=a_ward(under=a_town())))))
    note = "Admission, 12-QĐ/TU, 02/09/2024, Chi bộ khu 2, Phường Yên Hải"
    for typed in ("12", "12-QĐ", "12-QĐ/TU", "١٢-QĐ"):
        assert found(desk, "Documents", typed) == [("Trần Thị Ánh", note, candidate.get_absolute_url())]
    for typed in ("2-QĐ", "QĐ", "khu 12", "12-QĐ/TW"):
        assert found(desk, "Documents", typed) == []


def test_papers_and_certificates_are_found_too(desk, cell):
    with_paper, certified = a_candidate(cell), a_candidate(cell)
    with_papers(with_paper, "application")
    Document.objects.filter(candidate=with_paper).update(number="77-CV")
    assert [url for *_words, url in found(desk, "Documents", "77-c")] == [with_paper.get_absolute_url()]
    a_certificate(certified.person)
    Certificate.records.filter(person=certified.person).update(number="8/CN")
    [(_who, note, url)] = found(desk, "Documents", "8/")
    assert (url, "Party awareness class, 8/CN, 20/06/2023" in note) == (certified.get_absolute_url(), True)
