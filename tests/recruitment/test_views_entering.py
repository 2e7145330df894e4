"""Entering a candidate in the browser: the paper's order, twins, people of the register, once, and nothing lost."""

import re
import unicodedata
from datetime import date
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.models import EntrySubject, JournalEntry
from membership.models import MassMembership, Occupation, Organisation, Person
from recruitment.models import AdmissionCeremony, Candidate, Introducer, Nomination
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_person,
    a_secretary,
    a_town,
    a_trade_union,
    a_ward,
    a_workplace,
    a_youth_union,
    on_day,
    signed_in,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)
NEW = "/candidates/new/"


@pytest.fixture(autouse=True)
def today():
    with on_day(DAY):
        yield


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def cell(town):
    return a_cell("Chi bộ khu 2", under=a_ward("Phường Cộng Hòa", under=town), code="QY02-02")


@pytest.fixture
def desk(town):
    return signed_in(a_clerk(of=town))


def typed(**values):
    """What is typed at the least."""
    least = {"full_name": "Trần Thị Ánh", "sex": "female", "born_on": "8/6/1999", "cell": "QY02-02", "source": "cell"}
    return {**least, "nominated_on": "5/9/2024", "key": str(uuid4()), **values}


def the_person() -> Person:
    return Candidate.objects.get().person


def test_the_fields_stand_in_the_order_of_the_paper(desk):
    form = desk.get(NEW).context["form"]
    assert [field.name for field in form.visible_fields()] == [
        "full_name", "sex", "birth_name", "other_names", "born_on", "birth_place", "home_town", "residence",
        "ethnicity", "religion", "occupation", "workplace", "occupation_title", "education", "professional", "theory",
        "languages",
        "youth_union_on", "youth_union_at", "trade_union", "identity_number", "phone", "introducer_1", "together_1",
        "introducer_2", "together_2", "cell", "source", "body", "nominated_on",
    ]  # fmt: skip
    required = {field.name for field in form.visible_fields() if field.field.required}
    assert required == {"full_name", "sex", "born_on", "cell", "source", "nominated_on"}


def test_the_least_is_enough(desk, cell):
    answer = desk.post(NEW, typed())
    candidate = Candidate.objects.get()
    assert answer.url == candidate.get_absolute_url()
    assert (str(candidate.person), candidate.cell, candidate.opened_on) == ("Trần Thị Ánh", cell, date(2024, 9, 5))
    assert candidate.cell.version == cell.version  # whoever describes the unit meanwhile is not in the way


def test_whoever_writes_for_one_cell_need_not_type_it_and_begins_with_the_name(cell):
    form = signed_in(a_secretary(of=cell)).get(NEW).context["form"]
    assert (form["cell"].value(), "autofocus" in str(form["full_name"])) == (f"{cell} [{cell.code}]", True)
    ward = cell.position().parent
    a_cell("Chi bộ khác", under=ward)
    assert not signed_in(a_clerk(of=ward)).get(NEW).context["form"]["cell"].value()


def test_the_nearest_mass_organisation_is_meant_unless_another_is_typed(desk, cell, town):
    near = a_youth_union(of=cell.position().parent, name="Đoàn phường")
    far = a_youth_union(of=town, name="Đoàn thị xã")
    desk.post(NEW, typed(source="youth_union"))
    desk.post(NEW, typed(source="youth_union", full_name="Đỗ Văn Bảy", born_on="1/2/1998", body="thi xa"))
    assert [row.body for row in Nomination.objects.so().order_by("pk")] == [near, far]


def test_days_codes_and_numbers_may_be_typed_in_arabic_digits_and_names_stay_as_typed(desk, cell):
    answer = desk.post(
        NEW,
        typed(
            full_name=unicodedata.normalize("NFD", "  H'Hen  NIÊ "), born_on="٨/٦/١٩٩٩", nominated_on="۵/۹/۲۰۲۴",
            cell="QY٠٢-٠٢", identity_number="٠٢٢١٩٩٠٠١٢٣٤", phone="٠٩٠٠ ٠٠٠ ١١١", residence="Tổ ٣, “Đồi Vọng”",
        ),
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    person, candidate = the_person(), Candidate.objects.get()
    assert (person.full_name, person.born_on, person.identity_number) == (
        "H'Hen NIÊ",
        date(1999, 6, 8),
        "022199001234",
    )
    assert (person.phone, person.residence) == ("0900 000 111", "Tổ ٣, “Đồi Vọng”")
    assert (candidate.cell, candidate.opened_on) == (cell, date(2024, 9, 5))


@pytest.mark.parametrize("name", ["full_name", "sex", "born_on", "cell", "source", "nominated_on"])
def test_each_needed_field_is_asked_for_and_the_others_are_kept(desk, cell, name):
    answer = desk.post(NEW, typed(residence="Khu 3", **{name: ""}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    assert answer.context["form"]["residence"].value() == "Khu 3"
    assert not Candidate.objects.exists()


def test_everything_of_the_paper_is_stored(desk, cell):
    union, works_at = a_youth_union(of=cell), a_workplace(in_=cell, code="W-9", name="Công ty Giày")
    trade_union, first, second = a_trade_union(of=cell), a_member(cell), a_member(cell)
    answer = desk.post(
        NEW,
        typed(
            birth_name="Trần Ánh", other_names="Ánh Dương", birth_place="Hải Phòng", home_town="Thái Bình",
            residence="Khu 3", ethnicity="Kinh", religion="Không", occupation="worker", workplace="giay",
            occupation_title="Tổ trưởng", education="upper_secondary", professional="college", theory="elementary",
            languages="Anh B1", youth_union_on="26/3/2015", youth_union_at="Trường THPT", trade_union="on",
            identity_number="022199001234", phone="0900 000 111", introducer_1=str(first), together_1="2/1/2020",
            introducer_2=f"{second}, 1994 [{second.pk}]", source="youth_union",
        ),
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    person, candidate = the_person(), Candidate.objects.get()
    assert (person.birth_name, person.ethnicity, person.identity_number) == ("Trần Ánh", "Kinh", "022199001234")
    occupation = Occupation.objects.so().get(person=person)
    assert (occupation.workplace, occupation.title) == (works_at, "Tổ trưởng")
    unions = {row.body: row for row in MassMembership.objects.so().filter(person=person)}
    assert unions[union].valid_from == date(2015, 3, 26)
    assert trade_union in unions
    assert [row.person for row in candidate.introducers.order_by("pk")] == [first, second]
    assert Introducer.objects.get(person=first).together_since == date(2020, 1, 2)
    assert Nomination.objects.so().get(candidate=candidate).body == union


@pytest.mark.parametrize(
    ("born", "stored"),
    [
        ("٨/٦/١٩٩٩", (date(1999, 6, 8), "day")),
        ("6/1999", (date(1999, 6, 1), "month")),
        ("1999", (date(1999, 1, 1), "year")),
    ],
)
def test_a_birth_is_typed_in_any_digits_as_exactly_as_it_is_known(desk, cell, born, stored):
    desk.post(NEW, typed(born_on=born, nominated_on="٥/٩/٢٠٢٤"))
    assert (the_person().born_on, the_person().born_precision) == stored
    assert Candidate.objects.get().opened_on == date(2024, 9, 5)


@pytest.mark.parametrize("text", ["khu 2", "chi bo khu 2", "qy02-02", "Chi bộ khu 2, Phường Cộng Hòa [QY02-02]"])
def test_the_cell_is_found_by_typing(desk, cell, text):
    assert desk.post(NEW, typed(cell=text)).status_code == 302
    assert Candidate.objects.get().cell == cell


def test_a_foreign_cell_is_not_found(desk, cell):
    a_cell("Chi bộ xa", code="FAR")
    answer = desk.post(NEW, typed(cell="FAR"))
    assert "cell" in answer.context["form"].errors
    assert not Candidate.objects.exists()


def test_what_codes_name_is_found_together_as_it_is_alone(desk, cell, town):
    ours, far = a_member(cell), a_member(a_cell("Chi bộ xa", code="FAR"))
    given = {"workplace": "w-9", "introducer_1": f"{ours} [{ours.pk}]", "introducer_2": f"{far} [{far.pk}]", "sex": ""}
    a_workplace(in_=far.permission_unit(), code="W-9")
    wrong = desk.post(NEW, typed(**given, cell="far")).context["form"]
    assert list(wrong.errors) == ["sex", "workplace", "introducer_2", "cell"]
    assert wrong.cleaned_data["introducer_1"] == ours
    works_at = a_workplace(in_=town, code="W-10")
    right = desk.post(NEW, typed(**{**given, "workplace": " w-١٠", "introducer_2": ""}, cell="khu [qy٠٢-02]"))
    found = right.context["form"].cleaned_data
    assert (list(right.context["form"].errors), found["workplace"], found["cell"]) == (["sex"], works_at, cell)
    assert (found["cell"].name, found["cell"].path_today) == ("Chi bộ khu 2", cell.position().path)


def test_save_and_next_keeps_unit_and_source(desk, cell):
    a_youth_union(of=cell)
    answer = desk.post(NEW, typed(source="youth_union", save_and_next="1"), follow=True)
    form = answer.context["form"]
    assert (form["cell"].value(), form["source"].value(), form["full_name"].value()) == ("QY02-02", "youth_union", None)


def test_submitting_twice_makes_one(desk, cell):
    once = typed()
    first, second = desk.post(NEW, once), desk.post(NEW, once)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Candidate.objects.count() == Person.objects.filter(full_name="Trần Thị Ánh").count() == 1


# Twins and people of the register -------------------------------------------------------------------------------------


def test_somebody_alike_is_shown_with_why_and_saved_on_the_second_time(desk, cell):
    twin = a_candidate(cell, person=a_person(full_name="Trần Thị Anh", born_on=date(1999, 6, 8))).person
    answer = desk.post(NEW, once := typed())
    assert answer.status_code == 422
    assert [(line["pk"], str(line["why"])) for line in answer.context["twins"]] == [
        (twin.pk, "same name, same birth"),
    ]
    assert desk.post(NEW, {**once, "seen_twins": answer.context["form"].data["seen_twins"]}).status_code == 302
    assert Candidate.objects.count() == 2


def test_other_twins_are_asked_about_again(desk, cell):
    for name in ("Trần Thị Ánh", "Đỗ Thị Mơ"):
        a_candidate(cell, person=a_person(full_name=name, born_on=date(1999, 6, 8)))
    seen = desk.post(NEW, typed()).context["form"].data["seen_twins"]
    assert desk.post(NEW, typed(full_name="Đỗ Thị Mơ", seen_twins=seen)).status_code == 422


def test_of_somebody_outside_only_that_they_are_registered_and_the_office_to_ask(cell):
    outside = a_person(full_name="Trần Thị Ánh", born_on=date(1999, 6, 8), residence="Phố bí mật")
    a_candidate(a_cell("Chi bộ bí mật"), person=outside)
    town = Organisation.objects.get(pk=cell.position().parent_id).position().parent
    Organisation.objects.filter(pk=town.pk).update(phone="0203 555 0100")
    desk = signed_in(a_secretary(of=cell))
    answer = desk.post(NEW, once := typed())
    page = answer.content.decode()
    assert "bí mật" not in page
    assert f"/people/{outside.pk}/" not in page
    assert answer.context["superior"].name == "Phường Cộng Hòa"  # above the cell's secretary
    clerk = signed_in(a_clerk(of=cell.position().parent))
    assert "0203 555 0100" in clerk.post(NEW, typed()).content.decode()
    asked = desk.post(NEW, {**once, "ask": "1"})
    assert asked.status_code == 200
    assert asked.context["form"]["full_name"].value() == "Trần Thị Ánh"
    entry = JournalEntry.objects.get(operation="ask_superior_office")
    assert set(EntrySubject.objects.filter(entry=entry).values_list("key", flat=True)) == {
        cell.pk,
        cell.position().parent_id,
    }
    desk.post(NEW, {**once, "ask": "1"})
    assert JournalEntry.objects.filter(operation="ask_superior_office").count() == 1
    assert desk.post(NEW, {**once, "seen_twins": asked.context["form"].data["seen_twins"]}).status_code == 302


def test_whom_one_asks_about_is_nowhere_but_in_the_journal(cell, town):
    a_candidate(a_cell(), person=a_person(full_name="Vũ Hoàng Phú", born_on=date(1999, 6, 8)))
    desk = signed_in(a_clerk(of=town))
    desk.post(NEW, typed(full_name="Vũ Hoàng Phú", ask="1"))
    page = desk.get(f"/units/{cell.pk}/").content.decode()
    assert "Superior office asked" in page
    assert "Vũ Hoàng Phú" not in page


def test_twins_are_shown_while_typing(desk, cell):
    a_candidate(cell, person=a_person(full_name="Trần Thị Ánh", born_on=date(1999, 6, 8)))
    panel = desk.post("/candidates/new/twins/", {"full_name": "tran thi anh", "born_on": "8/6/1999"}).content.decode()
    assert "Trần Thị Ánh" in panel
    assert desk.post("/candidates/new/twins/", {"full_name": "tran thi anh"}).context["twins"] == []


def test_a_twin_who_is_the_person_is_nominated_with_what_was_typed(desk, cell):
    person = a_person(full_name="Trần Thị Ánh", born_on=date(1999, 6, 8))
    old = a_candidate(cell, person=person, nominated_on=date(2024, 1, 8))
    answer = desk.post(NEW, typed(nominate=str(person.pk)))
    assert answer.url == old.get_absolute_url()
    assert Nomination.objects.so().filter(candidate=old).count() == 2


def test_a_person_of_the_register_is_typed_and_nominated(desk, cell):
    person = a_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ")).person
    chosen = desk.get(NEW, {"person": "do thi mo"})
    assert chosen.context["person"] == person
    names = [field.name for field in chosen.context["form"].visible_fields()]
    assert "full_name" not in names
    assert "cell" in names
    address = f"{NEW}?person={person.pk}"
    assert desk.post(address, typed()).status_code == 302
    assert Person.objects.filter(full_name="Trần Thị Ánh").count() == 0
    assert "Nobody you can see" in desk.get(NEW, {"person": "nobody"}).content.decode()


def test_a_foreign_person_cannot_be_nominated(desk, cell):
    foreign = a_candidate(a_cell()).person
    assert desk.get(f"{NEW}?person={foreign.pk}").status_code == 404
    assert desk.post(NEW, typed(nominate=str(foreign.pk))).status_code == 404
    assert desk.post(NEW, typed(nominate="x")).status_code == 404


def test_a_member_is_not_nominated(desk, cell):
    member = a_member(cell)
    answer = desk.post(f"{NEW}?person={member.pk}", typed())
    assert answer.status_code == 422
    assert not Candidate.objects.exists()


# Restricted values, corrections, conflicts ----------------------------------------------------------------------------


def test_a_restricted_value_is_seen_until_it_is_stored_then_masked(desk, cell):
    values = typed(ethnicity="Dao", identity_number="022199001234")
    assert desk.post(NEW, {**values, "sex": ""}).context["form"]["ethnicity"].value() == "Dao"
    page = desk.post(NEW, values, follow=True).content.decode()
    assert "Dao" not in page
    assert "022199001234" not in page
    assert "•••" in page
    assert "Dao" not in desk.get(f"{Candidate.objects.get().get_absolute_url()}edit/").content.decode()


def test_with_the_grant_it_is_shown(town, cell):
    desk = signed_in(a_clerk(of=town, restricted=True))
    assert "Dao" in desk.post(NEW, typed(ethnicity="Dao"), follow=True).content.decode()


def corrected(desk, candidate, **values):
    form = desk.get(f"/candidates/{candidate.pk}/edit/").context["form"]
    stored = {field.name: field.value() or "" for field in form}
    stored["born_on"] = "8/6/1994"
    return {**stored, **values}


def test_a_correction_is_stored(desk, cell):
    candidate = a_candidate(cell)
    assert (
        desk.post(f"/candidates/{candidate.pk}/edit/", corrected(desk, candidate, residence="Khu 3")).status_code == 302
    )
    assert the_person().residence == "Khu 3"


def test_saving_what_is_stored_already_makes_no_entry(desk, cell):
    candidate = a_candidate(cell)
    before = JournalEntry.objects.count()
    assert desk.post(f"/candidates/{candidate.pk}/edit/", corrected(desk, candidate)).status_code == 302
    assert JournalEntry.objects.count() == before


def test_the_identity_number_stays_masked_while_somebody_is_corrected_with_the_grant_too(town, cell):
    """Shown whole it would be a look that no journal knows; it stands in no hidden field and in no conflict either."""
    desk = signed_in(a_clerk(of=town, restricted=True))
    desk.post(NEW, typed(identity_number="022199001234", phone="1"))
    candidate = Candidate.objects.get()
    address = f"/candidates/{candidate.pk}/edit/"
    old = corrected(desk, candidate, residence="Khu 9", identity_number="022199009999")
    form = desk.get(address).context["form"]
    assert form["identity_number"].value() == "••• 234"
    assert "022199001234" not in str(signing.loads(form["seen"].value()))
    assert desk.post(address, corrected(desk, candidate, phone="2")).status_code == 302
    assert (the_person().identity_number, the_person().phone) == ("022199001234", "2")
    conflict = desk.post(address, old)
    assert (conflict.status_code, "022199001234" in conflict.content.decode()) == (409, False)
    assert "022199009999" in conflict.content.decode()
    assert desk.post(address, corrected(desk, candidate, identity_number="022199009999")).status_code == 302
    assert the_person().identity_number == "022199009999"
    desk.post(address, corrected(desk, candidate, identity_number=""))
    assert the_person().identity_number == ""


def test_without_the_grant_a_form_remembers_no_restricted_value(desk, cell):
    """What it showed travels with it, signed: anybody can read that."""
    candidate = a_candidate(cell, person=a_person(ethnicity="Dao", religion="Tin Lành"))
    shown = signing.loads(desk.get(f"/candidates/{candidate.pk}/edit/").context["form"]["seen"].value())
    assert ("full_name" in shown, {"ethnicity", "religion", "identity_number"} & set(shown)) == (True, set())


def test_saving_over_a_newer_version_shows_three_of_each_and_each_can_be_chosen(desk, cell):
    candidate = a_candidate(cell)
    address = f"/candidates/{candidate.pk}/edit/"
    mine = corrected(desk, candidate, residence="Mine", education="lower_secondary")
    theirs = corrected(desk, candidate, residence="Theirs", home_town="Thái Bình")
    assert desk.post(address, theirs).status_code == 302
    answer = desk.post(address, mine)
    form = answer.context["form"]
    assert answer.status_code == 409
    rows = {row["name"]: (row["original"], row["theirs"], row["yours"], row["chosen"]) for row in form.conflict}
    assert rows == {
        "residence": ("", "Theirs", "Mine", "yours"),
        "home_town": ("", "Thái Bình", "", "theirs"),  # left as it was: not to be overwritten by chance
        "education": ("upper_secondary", "upper_secondary", "lower_secondary", "yours"),
    }
    words = next(row["words"] for row in form.conflict if row["name"] == "education")
    assert [str(words[which]) for which in ("theirs", "yours")] == ["upper secondary", "lower secondary"]
    assert len(re.findall(r'type="radio" form="operation"', answer.content.decode())) == 9
    again = {field.name: field.value() or "" for field in form} | {"born_on": "8/6/1994"}
    chosen = {"choice-residence": "theirs", "choice-home_town": "theirs", "choice-education": "yours"}
    assert desk.post(address, {**again, **chosen}).status_code == 302
    person = the_person()
    assert (person.residence, person.home_town, person.education) == ("Theirs", "Thái Bình", "lower_secondary")


def test_a_number_keeps_its_order_from_right_to_left_in_a_conflict(desk, cell):
    candidate = a_candidate(cell)
    address = f"/candidates/{candidate.pk}/edit/"
    mine = corrected(desk, candidate, phone="0988 000 111")
    desk.post(address, corrected(desk, candidate, phone="0912 345 678"))
    page = desk.post(address, mine, headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert ("<bdi>0912 345 678</bdi>" in page, "<bdi>0988 000 111</bdi>" in page) == (True, True)


def test_what_is_typed_anew_after_a_conflict_counts_more_than_the_choice(desk, cell):
    candidate = a_candidate(cell)
    address = f"/candidates/{candidate.pk}/edit/"
    mine = corrected(desk, candidate, residence="Mine")
    desk.post(address, corrected(desk, candidate, residence="Theirs"))
    form = desk.post(address, mine).context["form"]
    again = {field.name: field.value() or "" for field in form} | {"born_on": "8/6/1994", "residence": "Neither"}
    assert desk.post(address, {**again, "choice-residence": "theirs"}).status_code == 302
    assert the_person().residence == "Neither"


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_entering_are_few(desk, cell, others):
    a_trade_union(of=cell)
    a_youth_union(of=cell)
    for _ in range(others):
        a_candidate(cell)
    under_way, left = a_candidate(cell).person, a_candidate(cell).person
    Candidate.objects.filter(person=left).update(closed_on=DAY, closed_as="withdrawn")
    a_workplace(in_=cell.position().parent, name="Xưởng may 2")
    another = {"full_name": "Hà Văn Sáu", "born_on": "1987", "identity_number": "030087001234"}
    most = [
        (13, NEW, {}),
        (14, NEW, {"source": "youth_union", "full_name": "Đỗ Thị Mơ", "born_on": "1998"}),
        (13, f"{NEW}?person={left.pk}", {}),
        (12, f"{NEW}?person={under_way.pk}", {}),
        (13, f"{NEW}?person={under_way.pk}", {"source": "youth_union"}),
        # three more kinds of rows are made
        (17, NEW, all_of_the_form(cell)),
        (18, NEW, {**all_of_the_form(cell), **another, "workplace": "xuong may"}),  # by its name, not by its code
    ]
    desk.get(NEW)
    for number, address, values in most:
        statements = statements_of(desk, address, typed(**values))
        assert len(statements) == number, statements
    assert len(written := taking_back(desk)) == 15, written


def all_of_the_form(cell):
    """All that takes a statement to look for, or a row of another kind, of somebody new."""
    first, second, workplace = a_member(cell), a_member(cell), a_workplace(in_=cell.position().parent)
    return {
        "full_name": "Vũ Văn Chín", "born_on": "1993", "occupation": "worker", "workplace": workplace.code,
        "youth_union_on": "26/3/2015", "trade_union": "on", "identity_number": "030099001234",
        "introducer_1": f"{first} [{first.pk}]", "introducer_2": f"{second} [{second.pk}]", "source": "youth_union",
    }  # fmt: skip


def statements_of(desk, address, values):
    """What saving the form takes beside the transaction's own."""
    with CaptureQueriesContext(connection) as asked:
        answer = desk.post(address, values)
    assert answer.status_code == 302, answer.context["form"].errors
    return [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]


def taking_back(desk):
    """The statements of taking the last entry back."""
    entry = JournalEntry.objects.latest("recorded_at")
    candidate = entry.subjects.get(model="recruitment.candidate").key
    return statements_of(desk, f"/candidates/{candidate}/undo/{entry.pk}/", {})


# Past admissions ------------------------------------------------------------------------------------------------------


def past(**values):
    days = {"nominated_on": "5/9/2018", "decided_on": "2/9/2019", "ceremony_on": "16/9/2019"}
    return typed(decision_number="12-QĐ/TU", **days, **values)


def test_a_past_admission_is_judged_and_warned_not_blocked(desk, cell):
    answer = desk.post("/candidates/new/past/", past(), follow=True)
    assert answer.redirect_chain, answer.context["form"].errors
    assert AdmissionCeremony.objects.so().get().happened_on == date(2019, 9, 16)
    assert "The rules of those days find" in answer.content.decode()


def test_a_past_vote_needs_all_its_numbers(desk, cell):
    answer = desk.post("/candidates/new/past/", past(cell_on="1/7/2019", cell_entitled="9"))
    assert list(answer.context["form"].errors) == ["cell_on"]
    assert not AdmissionCeremony.objects.so().exists()


def test_a_past_admission_of_a_person_in_the_register(desk, cell):
    candidate = a_candidate(cell, nominated_on=date(2018, 9, 5))
    answer = desk.post(f"/candidates/new/past/?person={candidate.person.pk}", past())
    assert answer.status_code == 302, answer.context["form"].errors
    assert AdmissionCeremony.objects.so().get().person == candidate.person


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_recording_a_past_admission(desk, cell, others):
    a_trade_union(of=cell)
    a_youth_union(of=cell)
    for _ in range(others):
        a_candidate(cell)
    under_way, helper = a_candidate(cell, nominated_on=date(2018, 9, 5)).person, a_member(cell)
    steps = {
        "taken_up_on": "6/9/2018", "certificate_on": "1/3/2019", "certificate_number": "7", "received_on": "3/9/2019",
        "helper_person": f"{helper} [{helper.pk}]", "helped_from": "1/10/2018", "cell_on": "1/7/2019",
        "cell_entitled": "9", "cell_present": "9", "cell_in_favour": "9", "cell_against": "0",
        "recognition_number": "9", "recognised_on": "20/9/2020",
    }  # fmt: skip
    most = [
        (19, "/candidates/new/past/", {}),
        (20, f"/candidates/new/past/?person={under_way.pk}", {}),
        (30, "/candidates/new/past/", {**all_of_the_form(cell), **steps}),  # fifteen kinds of rows beside the entry
    ]
    desk.get(NEW)
    for number, address, values in most:
        statements = statements_of(desk, address, {**past(), **values})
        assert len(statements) == number, statements
    assert len(written := taking_back(desk)) == 23, written
