"""The candidate's page, each step's page, undo, and what is offered to whom."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.models import JournalEntry
from foundation.names import text_key
from foundation.templatetags.ui import codes
from membership import steps as membership_steps
from membership.models import MembershipStatus, OccupationKind, Person
from recruitment import committees, known, standing, steps, tasks
from recruitment.forms.steps import STEPS
from recruitment.models import AdmissionCeremony, CallNote, Candidate, Helper, Introducer
from tests.builders import (
    a_candidate,
    a_cell,
    a_certificate,
    a_clerk,
    a_complete_candidate,
    a_member,
    a_person,
    a_probationary_member,
    a_secretary,
    a_town,
    a_ward,
    an_act,
    an_official,
    as_user,
    decided,
    entering,
    helped,
    introduced,
    on_day,
    signed_in,
    taken_up,
    voted,
    with_papers,
    works,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)
ALL = {"entitled": "9", "present": "9", "in_favour": "9", "against": "0"}


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


def page_of(desk, candidate):
    answer = desk.get(candidate.get_absolute_url())
    assert answer.status_code == 200
    return answer


def send(desk, candidate, step, **values):
    """The step's form as its page gives it, with what is typed."""
    return desk.post(*filled_in(desk, candidate, step, **values))


def filled_in(desk, candidate, step, **values):
    """Where the form is sent, and what."""
    address = f"{candidate.get_absolute_url()}{step}/"
    form = desk.get(address).context["form"]
    given = {field.name: field.value() for field in form if field.value() not in (None, "")}
    if "happened_on" in form.fields and "happened_on" not in values:
        given["happened_on"] = "1/10/2024"
    return address, {**given, **values}


def offered(answer) -> set[str]:
    """Codes of the steps that the page leads to."""
    deeds = [*answer.context["actions"], *answer.context["more"]]
    return {match[1] for deed in deeds if (match := re.search(r"/candidates/\d+/([\w-]+)/$", deed.get("url", "")))}


def primary(answer) -> str:
    [deed] = [deed for deed in answer.context["actions"] if deed.get("primary")]
    return str(deed["label"])


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["cell-vote", "committee-vote", "decision"])
def test_a_vote_is_not_entered_beside_the_numbers_of_another(desk, cell, step):
    candidate = voted(a_complete_candidate(cell))
    facts = desk.get(f"{candidate.get_absolute_url()}{step}/").context["facts"]
    assert any("the cell's vote" in line["label"] for line in facts) == (step == "decision")


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("cell-vote", {}, "At least 2/3 of those entitled are needed"),
        ("cell-vote", {"entitled": "11"}, "At least 8 of 11 are needed"),
        ("cell-vote", {"entitled": "١١", "happened_on": "1/2/2020"}, "20/09/2016"),
        ("cell-vote", {"entitled": "all", "happened_on": "soon"}, "At least 2/3 of those entitled are needed"),
        ("cell-vote", {"entitled": "11", "happened_on": "1/2/2001"}, ""),  # no regulation of that day is known
        ("committee-vote", {"entitled": "9"}, "At least 6 of 9 are needed"),
    ],
)
def test_how_many_votes_are_needed_is_said_before_and_while_they_are_typed(desk, cell, step, typed, told):
    address = f"{a_complete_candidate(cell).get_absolute_url()}{step}/"
    asked = desk.get(address, typed, headers={"HX-Request": "true"}).content.decode()
    [said] = re.findall(r'<output id="votes-needed"[^>]*>(.*?)</output>', asked)
    assert told in said
    assert "3.6b" in said or step == "committee-vote" or not told
    refused = desk.post(address, typed).content.decode()  # without a script it stands there once the form came back
    assert f'<output id="votes-needed" for="id_entitled">{said}</output>' in refused


@pytest.mark.parametrize(
    ("in_favour", "verdict"), [("8", " That is reached."), ("7", " That is not reached."), ("12", "")]
)
def test_whether_a_vote_is_enough_is_said_while_it_is_typed(desk, cell, in_favour, verdict):
    address = f"{a_complete_candidate(cell).get_absolute_url()}cell-vote/"
    asked = desk.get(address, {"entitled": "11", "in_favour": in_favour}).content.decode()
    assert f"3.6b.{verdict}</output>" in asked


def test_a_vote_that_fell_short_is_the_answer_of_the_page(desk, cell):
    candidate = voted(a_complete_candidate(cell), in_favour=5)
    answer = page_of(desk, candidate)
    assert answer.context["lead"].startswith("Cell meeting: in favour 5 of 9, needed 6.")
    assert "competent committee to decide" in answer.context["lead"]
    assert state_of(answer, "Cell meeting") == "short"
    assert not [deed for deed in answer.context["actions"] if deed.get("primary")]
    assert "cell-vote" in offered(answer)  # where the committee has the cell vote again
    again = send(desk, candidate, "cell-vote", happened_on="20/9/2024", **ALL)
    assert again.status_code == 302, again.context["form"].errors
    assert state_of(page_of(desk, candidate), "Cell meeting") == "done"


def test_while_a_candidacy_rests_no_term_is_late(town, cell):
    candidate = voted(a_complete_candidate(cell), on=date(2024, 1, 5))
    voted(candidate, "committee_meeting", on=date(2024, 1, 20))
    desk = signed_in(a_clerk(of=town))

    def late():
        return [one["label"] for one in page_of(desk, candidate).context["determined"] if one["late"]]

    assert late() == ["Due by"]
    assert send(desk, candidate, "pause", reason="ốm").status_code == 302
    assert late() == []


def state_of(answer, word) -> str:
    [state] = [stage["state"] for stage in answer.context["stages"] if stage["word"] == word]
    return state


@pytest.mark.parametrize(("step", "state"), [("cell-vote", "blocked"), ("document", ""), ("call", "")])
def test_what_forbids_a_step_today_is_said_before_it_is_filled_in(desk, cell, step, state):
    address = f"{taken_up(a_candidate(cell)).get_absolute_url()}{step}/"
    page = desk.get(address)
    assert {one["state"] for one in page.context["findings"]} == ({state} if state else set())
    assert ("In the way on " in page.content.decode()) == bool(state)
    assert "In the way on" not in desk.post(address, {"entitled": ""}).content.decode()


@pytest.mark.parametrize("step", ["take-up", "pause", "withdraw", "certificate", "cell-vote"])
def test_a_day_in_the_future_is_said_at_its_field(desk, cell, step):
    answer = send(desk, a_candidate(cell), step, reason="ốm", happened_on="2/10/2024")
    assert answer.context["form"].errors["happened_on"] == ["The day is in the future."]
    assert answer.context["findings"] == []


def test_a_form_remembers_the_day_it_showed(desk, cell):
    form = desk.get(f"{a_candidate(cell).get_absolute_url()}take-up/").context["form"]
    assert signing.loads(form["seen"].value())["happened_on"] == "01/10/2024"


def test_a_term_that_has_passed_is_late_beside_the_form(town, cell):
    candidate = a_probationary_member(cell, since=date(2023, 7, 1))
    desk = signed_in(a_clerk(of=town))
    facts = desk.get(f"{candidate.get_absolute_url()}recognition-vote/").context["facts"]
    assert [one["late"] for one in facts if one["label"] == "Due by"] == [True]
    assert 'class="state late"' in page_of(desk, candidate).content.decode()


def test_a_vote_for_which_no_share_is_asked_says_none(desk, cell):
    page = desk.get(f"{a_complete_candidate(cell).get_absolute_url()}sub-committee/").content.decode()
    assert '<output id="votes-needed" for="id_entitled"></output>' in page


def test_the_page_says_where_what_next_and_when(desk, cell):
    candidate = helped(taken_up(a_candidate(cell)))
    answer = page_of(desk, candidate)
    stages = {str(stage["word"]): stage["state"] for stage in answer.context["stages"]}
    assert (stages["Nominated"], stages["Taken up"], stages["Ceremony"]) == ("done", "done", "ahead")
    assert [str(unit["name"]) for unit in answer.context["frame"]["units"]] == [
        "Thị xã Quảng Yên",
        "Phường Cộng Hòa",
        "Chi bộ khu 2",
    ]
    assert primary(answer) == "Enrol in a class"
    assert [line["sentence"] for line in answer.context["findings"]] == ["No awareness class is planned."]


def test_a_class_whose_certificate_ran_out_is_the_next_step_again(desk, cell):
    candidate = with_papers(introduced(helped(taken_up(a_candidate(cell)))))
    a_certificate(candidate.person, on=date(2019, 9, 25))
    days = {"begins_on": date(2024, 11, 4), "ends_on": date(2024, 11, 15)}
    steps.plan_class(an_act(), {"unit": cell, "name": "Lớp 1", "issuer": "TTCT", "seats": 20, **days})
    standing.rewrite([candidate.pk], DAY)
    answer = page_of(desk, candidate)
    stages = {str(stage["word"]): (stage["state"], stage["day"]) for stage in answer.context["stages"]}
    assert stages["Awareness class"] == ("again", None)
    assert (stages["Dossier"][0], stages["Cell meeting"]) == ("done", ("ahead", date(2024, 11, 15)))
    assert "to be done again" in answer.content.decode()
    assert (
        "no longer valid from 25/09/2024 on; the class must be repeated" in answer.content.decode()
    )  # what the cell meeting misses
    assert primary(answer) == "Enrol in a class"
    assert (answer.context["move"]["who"], answer.context["move"]["sentence"]) == (
        "Organiser of the class",
        "Next step: Awareness class.",
    )
    candidate.standing.refresh_from_db()
    assert (candidate.standing.next_step, candidate.standing.whose_move) == ("awareness_class", "organiser")


def test_a_certificate_that_will_have_run_out_is_told_before(desk, cell):
    candidate = with_papers(introduced(helped(taken_up(a_candidate(cell)))), "application", "cv", "introduction")
    a_certificate(candidate.person, on=date(2019, 10, 20))  # good on this day, no longer when an answer is promised
    paper = {"kind": "verification", "asked_on": DAY, "promised_on": date(2024, 11, 30)}
    steps.add_documents(an_act(), [{"candidate": candidate, **paper}])
    days = {"begins_on": date(2024, 12, 2), "ends_on": date(2024, 12, 6)}
    steps.plan_class(an_act(), {"unit": cell, "name": "Lớp 1", "issuer": "TTCT", "seats": 20, **days})
    answer = page_of(desk, candidate)
    assert "awareness class" in answer.context["assumption"]
    [told] = [one for one in answer.context["findings"] if "no longer valid from 20/10/2024 on" in one["sentence"]]
    assert told["clause"]
    assert {"word": "Awareness class", "state": "done"}.items() <= answer.context["stages"][2].items()


def test_how_a_membership_ended_during_probation_stands_in_the_timeline(desk, cell):
    candidate = a_probationary_member(cell)
    with entering(DAY) as act:
        membership_steps.change_status(act, {candidate.person: DAY}, "died")
    answer = page_of(desk, candidate)
    assert [line.sentence for line in answer.context["timeline"] if line.day == DAY] == ["End of the membership: died"]


@pytest.mark.parametrize(("step", "words"), [("withdraw", "The candidacy is closed"), ("pause", "Until it is resumed")])
def test_what_follows_from_leaving_the_way_is_said_before(desk, cell, step, words):
    page = desk.get(f"{a_candidate(cell).get_absolute_url()}{step}/")
    assert words in page.content.decode()
    assert "can be undone" in page.content.decode()


def test_a_move_is_ours_where_the_work_page_says_so(town, cell):
    candidate = voted(a_complete_candidate(cell))  # the committee meets next
    ward = cell.position().parent
    for reader, ours in ((a_secretary(of=cell), False), (a_clerk(of=ward), True), (a_clerk(of=town), True)):
        move = page_of(signed_in(reader), candidate).context["move"]
        assert move["ours"] == ours == ("grassroots" in tasks.moves(as_user(reader)))


def test_findings_and_what_is_determined_cite_their_clause(desk, cell):
    candidate = helped(taken_up(a_candidate(cell)))
    a_certificate(candidate.person)
    context = page_of(desk, with_papers(candidate, "application")).context
    assert any("curriculum vitae" in line["sentence"] for line in context["findings"])
    assert all(line["clause"] for line in context["findings"])
    assert context["blocking"] == len([line for line in context["findings"] if line["state"] == "blocked"]) > 0
    assert context["determined"] == []  # the papers stand in the dossier; where one is recorded they are named
    determined = desk.get(f"{candidate.get_absolute_url()}document/").context["facts"]
    assert [bool(line["note"]) for line in determined] == [True]
    assert (context["papers_done"], context["papers"][0]["state"], context["papers"][1]["state"]) == (
        1,
        "done",
        "missing",
    )
    assert "?kind=cv" in context["papers"][1]["url"]


def test_papers_are_to_come_until_the_dossier_is_the_next_step(desk, cell):
    def states(candidate):
        return {paper["state"] for paper in page_of(desk, candidate).context["papers"]}

    early, begun, due = (taken_up(a_candidate(cell)) for _ in range(3))
    assert states(early) == {"ahead"}
    assert states(with_papers(begun, "application")) == {"done", "missing"}
    a_certificate(helped(due).person)
    assert states(due) == {"missing"}


def test_whose_move_it_is_with_a_telephone(desk, cell):
    a_secretary(of=cell, person=a_person(full_name="Vũ Hoàng Phú", phone="0900 000 222"))
    move = page_of(desk, a_candidate(cell)).context["move"]
    assert (move["who"], move["phone"], move["ours"]) == ("Chi bộ khu 2", "0900 000 222", True)
    move = page_of(signed_in(a_secretary(of=cell)), voted(a_complete_candidate(cell))).context["move"]
    assert (move["who"], move["ours"]) == ("Phường Cộng Hòa", False)


def test_on_probation_nobody_is_awaited_but_time(desk, cell):
    candidate = a_probationary_member(cell, person=a_person(full_name="Vũ Hoàng Phú", phone="0900 000 222"))
    move = page_of(desk, candidate).context["move"]
    assert (move["who"], move["phone"], move["ours"], move["late"]) == ("Time", "", False, False)
    with on_day(date(2025, 9, 20)):
        assert page_of(desk, candidate).context["move"]["who"] == "Chi bộ khu 2"


def test_an_occupation_is_not_said_twice(desk, cell):
    candidate = a_candidate(cell)
    works(candidate.person, OccupationKind.TEACHER, title="teacher")
    told = {line["label"]: line for line in page_of(desk, candidate).context["facts"]}
    assert (told["Occupation"]["value"], told["Occupation"]["note"]) == ("Teacher", "")


def test_where_the_power_to_admit_is_delegated_the_grassroots_committee_moves(desk, cell):
    ward = committees.grassroots_committee(cell)
    type(ward).objects.filter(pk=ward.pk).update(admits_by_delegation="5-QĐ")
    candidate = voted(voted(a_complete_candidate(cell)), "committee_meeting", by=ward, on=date(2024, 8, 20))
    assert page_of(desk, candidate).context["move"]["who"] == "Phường Cộng Hòa"


def test_the_timeline_tells_each_event_on_its_day_with_who_recorded_it_when_and_for_whom(desk, cell):
    candidate = a_candidate(cell)
    send(desk, candidate, "take-up", happened_on="20/9/2024")
    line = page_of(desk, candidate).context["timeline"][0]
    assert (line.day, line.sentence, line.recorded) == (date(2024, 9, 20), "Taken up", DAY)
    assert line.by.startswith("Trần Thị Ánh")
    assert "on behalf of Chi bộ khu 2" in line.appointment


def test_the_whole_way_is_told(desk, cell):
    candidate = a_probationary_member(cell)
    told = [line.sentence for line in page_of(desk, candidate).context["timeline"]]
    for words in ("Nominated by: the cell", "Taken up", "Helper: ", "Introducer: ", "1-KNĐ application: in the dossier",
                  "Cell meeting: 9 of 9 in favour", "decision 12-QĐ/TU", "Admission ceremony"):  # fmt: skip
        assert any(words in sentence for sentence in told), (words, told)


def test_a_call_is_noted_in_two_activations(desk, cell):
    candidate = a_candidate(cell)
    assert "call" in offered(page_of(desk, candidate))
    send(desk, candidate, "call", with_whom="Chi ủy khu 2", text="họp ngày 12/10")
    assert CallNote.objects.get().text == "họp ngày 12/10"
    assert page_of(desk, candidate).context["timeline"][0].sentence == "Call with Chi ủy khu 2: họp ngày 12/10"


def test_a_note_keeps_its_lines(desk, cell):
    candidate = a_candidate(cell)
    send(desk, candidate, "call", with_whom="Chi ủy khu 2", text="họp ngày 12/10\r\n  – mang sổ")
    assert CallNote.objects.get().text == "họp ngày 12/10\n  – mang sổ"


def test_a_correction_stands_in_the_timeline_field_by_field_restricted_ones_masked(town, cell):
    desk, candidate = signed_in(a_clerk(of=town, restricted=True)), a_candidate(cell)
    form = desk.get(f"{candidate.get_absolute_url()}edit/").context["form"]
    values = {field.name: field.value() or "" for field in form} | {"born_on": "8/6/1994"}
    desk.post(f"{candidate.get_absolute_url()}edit/", {**values, "residence": "Khu 3", "ethnicity": "Dao"})
    line = page_of(desk, candidate).context["timeline"][0]
    changes = {str(field): after for field, _before, after in line.changes}
    assert (changes["residence"], changes["ethnicity"]) == ("Khu 3", "•••")


@pytest.mark.parametrize("calls", [2, 20])
def test_statements_of_the_page_are_few_however_long_the_history(desk, cell, calls):
    for candidate in (a_candidate(cell), voted(a_complete_candidate(cell)), a_probationary_member(cell)):
        for number in range(calls):
            CallNote.objects.create(
                candidate=candidate, with_whom="Chi ủy", text=str(number), noted_on=DAY, noted_by=a_clerk()
            )
        page_of(desk, candidate)
        with CaptureQueriesContext(connection) as asked:
            page_of(desk, candidate)
            # session with user and office, candidate, facts, others, what happened, entries, work that is due
            assert len(asked) == 7, candidate


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_saving_a_step_with_its_journal_are_few(desk, cell, others):
    for _ in range(others):
        a_complete_candidate(cell)
    first, member, another = a_candidate(cell), a_member(cell), a_member(cell)
    days = {"begins_on": date(2024, 11, 4), "ends_on": date(2024, 11, 15)}
    seats = steps.plan_class(an_act(), {"unit": cell, "name": "Lớp 1", "issuer": "TTCT", "seats": 20, **days})
    desk.get("/suggest/person/", {"q": member.full_name})  # counts, once a day, how many of all units are the reader's
    vouched_for = introduced(a_candidate(cell), member)
    voucher = vouched_for.introducers.get()
    most = {
        "take-up": (first, 10, {}),
        "edit": (first, 13, {"residence": "Khu 3"}),  # the person
        "class": (first, 13, {"awareness_class": seats.pk}),  # and its seats
        "certificate": (a_candidate(cell), 11, {"kind": "awareness", "number": "7"}),
        "introducer": (
            first,
            12,
            {"kind": "member", "person": member.full_name},
        ),  # who is looked for
        "replace-introducer": (vouched_for, 13, {"introducer": voucher.pk, "person": another.full_name}),
        "helper": (helped(taken_up(a_candidate(cell)), member), 13, {"person": another.full_name}),
        "meeting": (first, 12, {"held_on": "9/10/2024"}),  # all candidates of the cell are judged anew
        "document": (first, 10, {"kind": "application", "dated_on": "1/9/2024"}),
        "cell-vote": (a_complete_candidate(cell), 12, ALL),  # and the meeting
        "committee-vote": (voted(a_complete_candidate(cell)), 12, ALL),
        "withdraw": (a_candidate(cell), 11, {"reason": "studies abroad"}),  # and closes the candidacy
        "refuse": (a_candidate(cell), 11, {"reason": "lives elsewhere"}),
        "move-away": (a_candidate(cell), 11, {"reason": "lives elsewhere"}),
        "return": (voted(a_complete_candidate(cell)), 10, {"reason": "a paper is missing"}),
        "pause": (a_candidate(cell), 10, {"reason": "ill"}),
        "call": (first, 7, {"with_whom": "Chi ủy", "text": "comes on Monday"}),
        "waiver": (first, 11, {"rule": "age", "authority": "Tỉnh ủy", "document": "7", "granted_on": "1/9/2024"}),
        "decision": (voted(voted(a_complete_candidate(cell)), "committee_meeting"), 10, {"number": "7"}),
        "receipt": (decided(a_complete_candidate(cell), received=date(2024, 9, 3)), 11, {"received_on": "9/9/2024"}),
        "ceremony": (decided(voted(voted(a_complete_candidate(cell)), "committee_meeting")), 13, {}),  # a membership
        "remove": (a_probationary_member(cell), 13, {"number": "8", "reason": "left"}),  # status and cell end
        "annul": (a_probationary_member(cell), 13, {"number": "9", "reason": "forged papers"}),
    }
    page_of(desk, first)
    for step, (candidate, number, values) in most.items():
        assert len(written := saved(desk, candidate, step, values)) <= number, (step, written)
    with on_day(date(2025, 10, 20)):
        probationer = voted(a_probationary_member(cell), "recognition_meeting", on=date(2025, 9, 22))
        probationer = voted(probationer, "recognition_committee", on=date(2025, 10, 6))
        written = saved(desk, probationer, "recognition", {"number": "10", "happened_on": "20/10/2025"})
    assert len(written) <= 12, written


def saved(desk, candidate, step, values) -> list[str]:
    """The statements of saving the step, beside the transaction's own."""
    address, given = filled_in(desk, candidate, step, **values)
    with CaptureQueriesContext(connection) as asked:
        assert desk.post(address, given).status_code == 302
    return [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]


# What is offered ------------------------------------------------------------------------------------------------------


def test_a_secretary_is_offered_the_cells_steps_not_the_committees(cell, town):
    candidate = voted(voted(a_complete_candidate(cell)), "committee_meeting", on=date(2024, 8, 20))
    assert "decision" in offered(page_of(signed_in(a_clerk(of=town)), candidate))
    secretary = signed_in(a_secretary(of=cell))
    answer = page_of(secretary, candidate)
    assert "decision" not in offered(answer)
    assert "pause" in offered(answer)
    assert "return" not in offered(answer)
    refused = send(secretary, candidate, "decision", number="7")
    assert refused.status_code == 403
    assert page_of(secretary, candidate).context["move"]["who"] == "Thị xã Quảng Yên"


def test_an_official_with_names_reads_and_writes_nothing(town, cell):
    candidate = a_candidate(cell)
    desk = signed_in(an_official(of=town, names=True))
    answer = page_of(desk, candidate)
    assert offered(answer) == set()
    assert answer.context["edit_url"] == answer.context["note_url"] == ""
    assert desk.get(f"{candidate.get_absolute_url()}take-up/").status_code == 403


def test_foreign_missing_and_unknown_pages_are_the_same(desk, cell):
    foreign, own = a_candidate(a_cell()), a_candidate(cell)
    for address in (f"/candidates/{foreign.pk}/", "/candidates/999999/", f"/candidates/{own.pk}/nothing/"):
        assert desk.get(address).status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_page_that_names_the_person_on_its_button(desk, cell, step):
    candidate = a_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ"))
    page = desk.get(f"{candidate.get_absolute_url()}{step}/")
    assert page.status_code == 200
    assert "Đỗ Thị Mơ" in page.context["form"].submit
    empty = desk.post(f"{candidate.get_absolute_url()}{step}/", {"key": str(uuid4())})
    assert empty.status_code == 422
    assert empty.context["form"].errors


@pytest.mark.parametrize(("step", "explained"), [("document", True), ("withdraw", False)])
def test_a_mark_is_explained_where_some_fields_are_needed_and_others_not(desk, cell, step, explained):
    page = desk.get(f"/candidates/{a_candidate(cell).pk}/{step}/").content.decode()
    assert ("Fields marked * are needed." in page) is explained


@pytest.mark.parametrize(
    ("step", "deed"),
    [("withdraw", "Withdraw"), ("refuse", "Refuse"), ("remove", "Remove the name"), ("pause", "Pause")],
)
def test_the_button_says_what_it_does(desk, cell, step, deed):
    candidate = a_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ"))
    assert desk.get(f"{candidate.get_absolute_url()}{step}/").context["form"].submit == f"{deed}: Đỗ Thị Mơ"


# The steps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "call/", "edit/"])
def test_the_bar_shows_the_way_down_to_the_candidates_cell(desk, cell, page):
    answer = desk.get(f"{a_candidate(cell).get_absolute_url()}{page}")
    assert answer.context["frame"]["units"][-1]["url"] == cell.get_absolute_url()


def test_from_nomination_to_the_ceremony_by_the_pages(desk, cell, town):
    candidate = a_candidate(cell, nominated_on=date(2023, 9, 5))
    helper, first, second = (a_member(cell) for _ in range(3))
    papers = ("application", "cv", "verification", "introduction", "comments")
    vouching = {"kind": "member", "happened_on": "3/6/2024", "together_since": "2/1/2020"}
    days = [
        ("take-up", {"happened_on": "20/9/2023"}),
        ("certificate", {"kind": "awareness", "happened_on": "20/6/2023", "number": "12"}),
        ("helper", {"person": f"[{helper.pk}]", "happened_on": "2/10/2023"}),
        ("introducer", {**vouching, "person": f"[{first.pk}]"}),
        ("introducer", {**vouching, "person": f"[{second.pk}]"}),
        *(("document", {"kind": kind, "dated_on": "1/7/2024"}) for kind in papers),
        ("cell-vote", {"happened_on": "5/8/2024", **ALL}),
        ("committee-vote", {"happened_on": "20/8/2024", **ALL}),
        ("decision", {"number": "12-QĐ/TU", "happened_on": "2/9/2024"}),
        ("receipt", {"received_on": "4/9/2024"}),
        ("ceremony", {"happened_on": "16/9/2024"}),
    ]  # fmt: skip
    for step, values in days:
        answer = send(desk, candidate, step, **values)
        assert answer.status_code == 302, (step, answer.context["form"].errors)
        context = page_of(desk, candidate).context
        marked = [f"Next: {one['word']}" for one in context["stages"] if one["state"] == "now"]
        assert context["stage_word"] in marked or step == "ceremony"
    assert AdmissionCeremony.objects.so().get().happened_on == date(2024, 9, 16)
    answer = page_of(desk, candidate)
    assert str(answer.context["stage_word"]) == "on probation"
    assert MembershipStatus.objects.as_at(DAY).get(person=candidate.person).status == "probationary"


def test_recognition_by_the_pages(desk, cell, town):
    candidate = a_probationary_member(cell, since=date(2024, 9, 16))
    with on_day(date(2025, 12, 1)):
        for step, values in [
            ("recognition-vote", {"happened_on": "17/9/2025", **ALL}),
            ("recognition-committee", {"happened_on": "1/10/2025", **ALL}),
            ("recognition", {"number": "90-QĐ/TU", "happened_on": "3/11/2025"}),
        ]:
            answer = send(desk, candidate, step, **values)
            assert answer.status_code == 302, (step, answer.context["form"].errors)
        assert "Recognised as an official member on" in page_of(desk, candidate).content.decode()
        assert MembershipStatus.objects.as_at(date(2025, 9, 16)).get(person=candidate.person).status == "official"


@pytest.mark.parametrize(
    ("step", "state"),
    [("withdraw", "withdrawn"), ("refuse", "refused"), ("move-away", "moved away"), ("pause", "paused"),
     ("return", "returned for completion")],
)  # fmt: skip
def test_each_way_out_asks_why_and_is_said_on_the_page(town, cell, step, state):
    desk, candidate = signed_in(a_clerk(of=town, restricted=True)), taken_up(a_candidate(cell))
    assert "reason" in send(desk, candidate, step).context["form"].errors
    assert send(desk, candidate, step, reason="chuyển công tác").status_code == 302
    answer = page_of(desk, candidate)
    assert str(answer.context["stage_word"]) == state
    assert answer.context["timeline"][0].note == "chuyển công tác"
    assert "Reason: <bdi>chuyển công tác</bdi>" in answer.content.decode()
    if state in ("paused", "returned for completion"):
        assert answer.context["lead"].startswith(f"{state.capitalize()} since 01/10/2024.")
        assert (answer.context["move"]["who"], answer.context["move"]["sentence"]) == (str(cell), "Next step: Resume.")
        [row] = desk.get("/candidates/").context["rows"]
        cells = {one["label"]: one["value"] for one in row["cells"]}
        assert (cells["Next step"], cells["Whose move"]) == (state.capitalize(), "Secretary of the cell")
        assert primary(answer) == "Resume"
        assert send(desk, candidate, "resume").status_code == 302
        assert str(page_of(desk, candidate).context["stage_word"]) == "Next: Awareness class"
    else:
        states = [stage["state"] for stage in answer.context["stages"]]
        assert states == ["done", "done", "out", *["never"] * (len(states) - 3)]  # crossed where it ended, there alone
        assert answer.context["papers"] == []  # nothing is missing any more
        assert offered(answer) == {"call"}


def test_why_somebody_was_refused_is_read_with_the_grant_only(desk, cell):
    candidate = taken_up(a_candidate(cell))
    send(desk, candidate, "refuse", reason="lịch sử chính trị")
    answer = page_of(desk, candidate)
    assert answer.context["timeline"][0].note == "•••"
    assert "Reason" not in answer.content.decode()  # a masked one says nothing
    assert "lịch sử chính trị" not in answer.content.decode()


def test_a_late_recognition_is_the_answer_of_the_page(town, cell):
    candidate = a_probationary_member(cell, since=date(2023, 7, 1))
    answer = page_of(signed_in(a_clerk(of=town)), candidate)
    assert answer.context["lead"].startswith("Probation is over. The recognition is late: it was due on ")
    assert answer.context["move"]["late"]


def test_what_stops_the_way_stands_last_and_apart(desk, cell):
    more = page_of(desk, taken_up(a_candidate(cell))).context["more"]
    codes = [button["url"].split("/")[-2] for button in more]
    assert codes[codes.index("pause") :] == ["pause", "return", "withdraw", "refuse", "move-away"]
    assert [button.get("apart", False) for button in more] == [code == "pause" for code in codes]


@pytest.mark.parametrize("step", ["remove", "annul"])
def test_an_admission_is_ended_with_number_and_reason(desk, cell, step):
    candidate = a_probationary_member(cell)
    assert step in offered(page_of(desk, candidate))
    assert send(desk, candidate, step, number="9", reason="không đủ điều kiện").status_code == 302
    assert Candidate.objects.get(pk=candidate.pk).closed_as in ("removed", "annulled")
    answer = page_of(desk, candidate)
    assert [one["word"] for one in answer.context["stages"] if one["state"] == "out"] == ["Probation"]  # not served
    assert answer.context["stage_tone"] == "late"


def test_a_refused_step_shows_every_finding_with_its_clause_and_stores_nothing(desk, cell):
    candidate = taken_up(a_candidate(cell))
    answer = send(desk, candidate, "cell-vote", **ALL)
    assert answer.status_code == 422
    found = answer.context["findings"]
    assert len(found) >= 3
    assert all(line["clause"] for line in found)
    page = answer.content.decode()
    for line in found:
        assert codes(line["sentence"]) in page
    assert answer.context["form"]["entitled"].value() == "9"
    assert not JournalEntry.objects.filter(operation="hold_cell_vote").exists()


def test_a_step_on_an_older_version_is_refused_with_what_was_typed(desk, cell):
    candidate = a_candidate(cell)
    address = f"{candidate.get_absolute_url()}take-up/"
    form = desk.get(address).context["form"]
    old = {"version": form["version"].value(), "key": str(uuid4()), "happened_on": "20/9/2024"}
    send(desk, candidate, "helper", person=f"[{a_member(cell).pk}]")
    send(desk, candidate, "document", kind="cv", dated_on="1/9/2024")
    answer = desk.post(address, old)
    assert answer.status_code == 409
    assert answer.context["form"]["happened_on"].value() == "20/9/2024"


def test_the_paper_that_is_missing_comes_first_and_then_the_next(desk, cell):
    candidate = with_papers(taken_up(a_candidate(cell)), "application")
    address = f"{candidate.get_absolute_url()}document/"
    assert desk.get(address).context["form"]["kind"].value() == "cv"
    assert desk.get(f"{address}?kind=comments").context["form"]["kind"].value() == "comments"
    answer = send(desk, candidate, "document", kind="cv", dated_on="1/9/2024", save_and_next="1")
    assert answer.url == address
    assert desk.get(address).context["form"]["kind"].value() == "verification"


def test_an_introducer_is_replaced(desk, cell):
    candidate = introduced(taken_up(a_candidate(cell)))
    gone, other = candidate.introducers.order_by("pk")[0], a_member(cell)
    answer = send(desk, candidate, "replace-introducer", introducer=str(gone.pk), person=f"[{other.pk}]")
    assert answer.status_code == 302, answer.context["form"].errors
    assert Introducer.objects.get(person=other).replaces == gone


def test_a_consent_to_an_exception_is_recorded_by_the_competent_office_and_listed(desk, cell):
    candidate = a_candidate(cell)
    values = {"authority": "Ban Bí thư", "document": "15-CV", "granted_on": "1/9/2024"}
    form = desk.get(f"{candidate.get_absolute_url()}waiver/").context["form"]
    send(desk, candidate, "waiver", rule=form.fields["rule"].choices[1][0], **values)
    told = [line.sentence for line in page_of(desk, candidate).context["timeline"]]
    assert "Exception granted by Ban Bí thư: 15-CV" in told


def test_rules_to_be_excepted_from_stand_in_the_readers_alphabet(desk, cell):
    address = f"{a_candidate(cell).get_absolute_url()}waiver/"
    form = desk.get(address, headers={"accept-language": "vi"}).context["form"]
    with translation.override("vi"):
        shown = [str(label) for _rule, label in form.fields["rule"].choices[1:]]
        assert shown == sorted(shown, key=text_key) != sorted(shown), "Đ stands after D, not after Z"


def test_the_last_day_of_a_consent_is_a_day_on_which_it_holds(desk, cell):
    candidate = a_candidate(cell)
    values = {"rule": "age", "authority": "Ban Bí thư", "document": "15-CV"}
    assert send(desk, candidate, "waiver", **values, granted_on="1/9/2024", last_on="1/9/2024").status_code == 302
    [waiver] = known.read([candidate]).waivers[candidate.pk]
    assert [waiver.covers("age", date(2024, 9, day)) for day in (1, 2)] == [True, False]


# Undo -----------------------------------------------------------------------------------------------------------------


def undo_urls(answer) -> list[str]:
    return [line.undo_url for line in answer.context["timeline"] if line.undo_url]


def test_undo_is_offered_to_who_recorded_on_the_same_day_while_nothing_is_built_on_it(desk, cell, town):
    candidate = a_candidate(cell)
    send(desk, candidate, "take-up", happened_on="20/9/2024")
    [url] = undo_urls(page_of(desk, candidate))
    assert undo_urls(page_of(signed_in(a_clerk(of=town)), candidate)) == []
    with on_day(date(2024, 10, 2)):
        assert undo_urls(page_of(desk, candidate)) == []
    assert desk.post(url).status_code == 302
    assert [stage["state"] for stage in page_of(desk, candidate).context["stages"]][1] == "now"
    line = next(line for line in page_of(desk, candidate).context["timeline"] if line.sentence == "Taken up")
    assert line.undone


def test_undo_of_what_is_built_upon_is_refused_with_the_list(desk, cell):
    candidate = a_candidate(cell)
    send(desk, candidate, "take-up", happened_on="20/9/2024")
    [url] = undo_urls(page_of(desk, candidate))
    send(desk, candidate, "helper", person=f"[{a_member(cell).pk}]")
    answer = desk.post(url)
    assert answer.status_code == 422
    assert "Built on it: Helper assigned, entered on " in answer.content.decode()
    assert Helper.objects.exists()


def test_the_message_after_a_step_offers_undo_only_where_there_is_one(desk, cell):
    candidate = a_candidate(cell)
    send(desk, candidate, "take-up", happened_on="20/9/2024")
    assert "/undo/" in page_of(desk, candidate).content.decode()
    booked = send(desk, candidate, "meeting", held_on="12/10/2024")
    assert booked.status_code == 302
    messages = [message.extra_tags for message in desk.get(booked.url).context["messages"]]
    assert messages == [""]


def test_a_new_candidate_can_be_taken_back(desk, cell):
    values = {"full_name": "Đỗ Thị Mơ", "sex": "female", "born_on": "8/6/1999", "cell": cell.code, "source": "cell"}
    desk.post("/candidates/new/", {**values, "nominated_on": "5/9/2024", "key": str(uuid4())})
    candidate = Candidate.objects.get(person=Person.objects.get(full_name="Đỗ Thị Mơ"))
    [url] = undo_urls(page_of(desk, candidate))
    assert desk.post(url).url == "/candidates/"
    assert "Đỗ Thị Mơ" not in desk.get("/candidates/").content.decode()


def test_reading_undo_changes_nothing(desk, cell):
    candidate = decided(voted(a_complete_candidate(cell)))
    entry = JournalEntry.objects.order_by("-pk").first()
    assert desk.get(f"{candidate.get_absolute_url()}undo/{entry.pk}/").status_code == 302
    for number in ("999999", "9" * 20):
        assert desk.post(f"{candidate.get_absolute_url()}undo/{number}/").status_code == 404


def test_undone_one_is_back_with_the_candidate_also_after_an_earlier_candidacy(desk, cell):
    member = a_probationary_member(cell)
    left = {"opened_on": date(2020, 9, 1), "closed_on": date(2021, 9, 1), "closed_as": "withdrawn"}
    Candidate.objects.create(person=member.person, cell=cell, **left)
    send(desk, member, "remove", number="8", reason="left")
    [url] = undo_urls(page_of(desk, member))
    answer = desk.post(url)
    member.refresh_from_db()
    assert (answer.url, member.closed_on) == (member.get_absolute_url(), None)
