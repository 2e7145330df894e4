"""A clerk's day with candidates, in a real browser: by mouse, by keyboard, on a phone, and without scripts."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from membership.models import MembershipStatus, Person
from recruitment.models import AdmissionCeremony, Candidate
from tests.builders import (
    a_candidate,
    a_member,
    a_person,
    taken_up,
)
from tests.e2e.readers import TODAY, use_as

pytestmark = pytest.mark.django_db(transaction=True)
PAPERS = ("application", "cv", "verification", "introduction", "comments")


def fill(screen: Page, **values: str) -> None:
    """Fields by their names, as one types."""
    for name, text in values.items():
        field = screen.locator(f"#operation [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def press(screen: Page, words: str) -> None:
    screen.get_by_role("main").get_by_role("button", name=words).first.click()


def step(screen: Page, link: str, **values: str) -> None:
    """A step from the candidate's page: its link, the form, its button; back on the page."""
    here = screen.url
    button = screen.get_by_role("main").get_by_role("link", name=link, exact=True)
    if not button.first.is_visible():
        screen.get_by_role("main").get_by_text("More", exact=True).click()
    button.first.click()
    fill(screen, **values)
    screen.locator("#operation input[name=save]").click()
    expect(screen).to_have_url(here)


def test_a_nominated_student_goes_to_the_ceremony_by_clicking(screen: Page, live_server, clerk, cell):
    helper, first, second = (
        a_member(cell, full_name=name) for name in ("Mai Thu Hà", "Hoàng Văn Sơn", "Vũ Thị Ngọc Điệp")
    )
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/work/")
    screen.get_by_role("link", name="New candidate").first.click()
    fill(
        screen, full_name="Nguyễn Thị Ngọc Ánh", sex="female", born_on="9/4/2006", residence="Khu 5, phường Hà An",
        occupation="student", education="lower_secondary", youth_union_on="26/3/2021", cell="hoc sinh",
        source="youth_union", nominated_on="15/1/2024",
    )  # fmt: skip
    press(screen, "Save the candidate")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Nguyễn Thị Ngọc Ánh")
    expect(screen.get_by_role("list", name="Stages")).to_contain_text("15/01/2024")
    step(screen, "Take up", happened_on="20/1/2024")
    step(screen, "Record a certificate", kind="awareness", happened_on="28/3/2024", number="112")
    step(screen, "Assign a helper", person=f"{helper} [{helper.pk}]", happened_on="5/4/2024")
    for person in (first, second):
        step(
            screen, "Name an introducer", kind="member", person=f"{person} [{person.pk}]", happened_on="8/4/2024",
            together_since="1/9/2022",
        )  # fmt: skip
    screen.get_by_role("main").get_by_role("link", name="Record papers").click()
    for paper in PAPERS:
        expect(screen.locator("[name=kind]")).to_have_value(paper)
        fill(screen, dated_on="10/6/2024")
        press(screen, "Save and record the next")
    screen.get_by_role("link", name="Back without saving").click()
    expect(screen.get_by_role("main")).to_contain_text("5 of 5 papers here")
    numbers = {"entitled": "9", "present": "9", "in_favour": "8", "against": "1"}
    step(screen, "Record the cell’s vote", happened_on="1/7/2024", **numbers)
    step(screen, "Record the committee’s vote", happened_on="15/7/2024", **numbers)
    step(screen, "Record the decision", number="85-QĐ/TU", happened_on="5/8/2024", received_on="8/8/2024")
    step(screen, "Record the ceremony", happened_on="19/8/2024")
    expect(screen.get_by_role("main")).to_contain_text(
        "On probation. The cell can consider recognition from 19/08/2025 on."
    )
    expect(screen.get_by_role("main")).to_contain_text("Cell meeting: 8 of 9 in favour")
    held = AdmissionCeremony.objects.so().get()
    assert (str(held.person), held.happened_on, held.cell) == ("Nguyễn Thị Ngọc Ánh", date(2024, 8, 19), cell)
    assert MembershipStatus.objects.as_at(TODAY).get(person=held.person).status == "probationary"
    screen.get_by_role("navigation", name="Tasks").get_by_role("link", name="Candidates").first.click()
    screen.get_by_role("main").get_by_role("searchbox").fill("ngoc anh")
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("main").get_by_role("row")).to_have_count(2)


def test_a_refused_step_says_why_with_clauses_and_keeps_what_was_typed(screen: Page, live_server, clerk, cell):
    candidate = taken_up(a_candidate(cell))
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/candidates/{candidate.pk}/cell-vote/")
    fill(screen, happened_on="1/10/2024", entitled="9", present="9", in_favour="9", against="0")
    press(screen, "Record the vote")
    expect(screen.get_by_role("heading", name="Not recorded: not lawful on this day")).to_be_visible()
    assert screen.locator(".findings li").count() >= 3
    expect(screen.locator("[name=entitled]")).to_have_value("9")


def test_a_candidate_is_entered_by_keyboard_alone_and_the_next_has_unit_and_source(
    screen: Page, live_server, clerk, cell
):
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/candidates/new/")
    screen.locator("[name=full_name]").focus()
    typed = {
        "full_name": "Đỗ Thị Mơ", "sex": "female", "born_on": "٨/٦/١٩٩٩", "cell": "hoc sinh", "source": "the cell",
        "nominated_on": "5/9/2024",
    }  # fmt: skip
    while (name := screen.evaluate("document.activeElement.name")) != "save_and_next":
        if name in typed:
            screen.keyboard.type(typed[name])
        screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    expect(screen).to_have_url(re.compile("cell="))
    expect(screen.locator("#operation [name=cell]")).to_have_value("hoc sinh")
    expect(screen.locator("#operation [name=source]")).to_have_value("cell")
    expect(screen.locator("#operation [name=full_name]")).to_have_value("")
    assert Person.objects.get(full_name="Đỗ Thị Mơ").born_on == date(1999, 6, 8)


def test_twins_are_shown_while_typing_and_can_be_nominated_at_once(screen: Page, live_server, clerk, cell):
    person = a_candidate(cell, person=a_person(full_name="Trần Thị Ánh", born_on=date(1999, 6, 8))).person
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/candidates/new/")
    fill(screen, full_name="tran thi anh", sex="female", cell="hoc sinh", source="cell", nominated_on="5/9/2024")
    fill(screen, born_on="8/6/1999")
    screen.keyboard.press("Tab")
    expect(screen.locator("#twins")).to_contain_text("Trần Thị Ánh")
    screen.get_by_role("button", name="This is the person").click()
    expect(screen).to_have_url(re.compile(r"/candidates/\d+/$"))
    assert Candidate.objects.get().person == person


PANELS_BESIDE_THE_PAGE = """() => [...document.querySelectorAll("details:has(> .menu-panel)")].filter(menu => {
  if (!menu.querySelector("summary").offsetWidth) return false;
  menu.open = true;
  const panel = menu.querySelector(".menu-panel").getBoundingClientRect();
  menu.open = false;
  return panel.left < 0 || panel.right > document.documentElement.clientWidth;
}).map(menu => menu.innerText)"""


@pytest.mark.parametrize("language", ["vi", "ar"])
def test_nothing_goes_sideways_on_a_phone(screen: Page, live_server, clerk, cell, language):
    candidate = taken_up(a_candidate(cell, person=a_person(full_name="Nguyễn Thị Thanh Thương Huyền")))
    use_as(screen, live_server, clerk, language)
    screen.set_viewport_size({"width": 360, "height": 740})
    pages = ["/work/", "/candidates/", "/candidates/new/", "/candidates/new/past/", "/candidates/?format=print"]
    own = [f"/candidates/{candidate.pk}/{page}" for page in ("", "edit/", "document/", "cell-vote/", "call/")]
    for page in [*pages, *own]:
        screen.goto(f"{live_server.url}{page}")
        wide = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (page, wide)
        assert screen.evaluate(PANELS_BESIDE_THE_PAGE) == [], page


def test_the_calendar_leaves_the_day_of_the_bar_readable(screen: Page, live_server, clerk, cell):
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/members/")
    screen.locator(".bar-end summary").first.click()
    field = screen.locator(".bar-end .day-field").first
    day, button = field.locator("[name=as_at]").bounding_box(), field.get_by_role("button").bounding_box()
    assert day["width"] > 3 * button["width"]


def test_a_file_is_chosen_in_the_words_of_the_page(screen: Page, live_server, clerk, tmp_path):
    use_as(screen, live_server, clerk, "vi")
    screen.goto(f"{live_server.url}/register/import/")
    chosen = screen.locator(".file-field")
    expect(chosen).to_have_text("Chọn tệpchưa chọn tệp nào")
    file = tmp_path / "đảng viên.csv"
    file.write_text("x")
    screen.get_by_label("Tệp (XLSX hoặc CSV)").set_input_files(file)
    expect(chosen).to_have_text("Chọn tệpđảng viên.csv")


def test_the_search_box_answers_while_one_types(screen: Page, live_server, clerk, cell):
    candidate = a_candidate(cell, person=a_person(full_name="Trần Thị Ánh"))
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/work/")
    screen.keyboard.press("/")
    screen.keyboard.type("tran anh")
    found = screen.locator(".search-panel")
    expect(found.get_by_role("link", name="Trần Thị Ánh").first).to_be_visible()
    expect(screen.locator("#announce")).to_contain_text("Candidates 1")
    screen.keyboard.press("Escape")
    expect(found).to_be_hidden()
    screen.keyboard.type("x")
    expect(found).to_contain_text("Nothing you may see is called so.")
    screen.keyboard.press("Backspace")
    expect(found.get_by_role("link", name="Trần Thị Ánh").first).to_be_visible()
    screen.keyboard.press("ArrowDown")
    screen.keyboard.press("Enter")
    expect(screen).to_have_url(f"{live_server.url}{candidate.get_absolute_url()}")


def test_the_page_of_the_search_answers_while_one_types_on_a_phone(screen: Page, live_server, clerk, cell):
    a_candidate(cell, person=a_person(full_name="Trần Thị Ánh"))
    use_as(screen, live_server, clerk)
    screen.set_viewport_size({"width": 360, "height": 720})
    screen.goto(f"{live_server.url}/work/")
    screen.get_by_role("link", name="Search").click()
    expect(screen.locator("main input[name=q]")).to_be_focused()
    screen.keyboard.type("tran anh")
    expect(screen.locator("#results").get_by_role("link", name="Trần Thị Ánh").first).to_be_visible()
    expect(screen.locator("#announce")).to_contain_text("Candidates 1")
    expect(screen).to_have_url(f"{live_server.url}/search/?q=tran%20anh")
    screen.keyboard.type("x")
    expect(screen.locator("#results")).to_contain_text("Nothing you may see is called so.")


def test_a_list_is_searched_on_a_day_of_the_past_too(screen: Page, live_server, clerk, cell):
    use_as(screen, live_server, clerk)
    inks = []
    for day in ("", "?as_at=01/10/2024"):
        screen.goto(f"{live_server.url}/members/{day}")
        field = screen.get_by_role("main").locator(".search-field input")
        inks.append(field.evaluate("field => [getComputedStyle(field).color, getComputedStyle(field).borderColor]"))
    assert inks[0] == inks[1]


def test_the_core_tasks_need_no_script(browser: Browser, live_server, clerk, cell):
    plain = browser.new_context(java_script_enabled=False).new_page()
    use_as(plain, live_server, clerk)
    plain.goto(f"{live_server.url}/candidates/new/")
    values = {"full_name": "Đỗ Thị Mơ", "born_on": "8/6/1999", "cell": "QY-BD-HS", "nominated_on": "5/9/2024"}
    for name, text in values.items():
        plain.locator(f"[name={name}]").fill(text)
    plain.locator("[name=sex]").select_option("female")
    plain.locator("[name=source]").select_option("cell")
    plain.get_by_role("button", name="Save the candidate").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Đỗ Thị Mơ")
    plain.get_by_role("link", name="Take up").click()
    plain.locator("[name=happened_on]").fill("20/9/2024")
    plain.locator("#operation input[name=save]").click()
    plain.get_by_role("main").get_by_role("button", name="Undo").first.click()
    expect(plain.get_by_role("main")).to_contain_text("undone")
    plain.goto(f"{live_server.url}/candidates/")
    plain.locator("form[role=search] summary").get_by_text("Stage").click()
    plain.locator("[name=stage]").select_option("taken_up")
    plain.get_by_role("button", name="Show").first.click()
    expect(plain.get_by_role("main")).to_contain_text("Nobody fits these filters")
    plain.context.close()


def test_a_conflict_is_chosen_without_a_script(browser: Browser, live_server, clerk, cell):
    candidate = a_candidate(cell)
    plain = browser.new_context(java_script_enabled=False).new_page()
    use_as(plain, live_server, clerk)
    address = f"{live_server.url}/candidates/{candidate.pk}/edit/"
    plain.goto(address)
    other = plain.context.new_page()
    other.goto(address)
    other.locator("[name=residence]").fill("Theirs")
    other.locator("#operation input[name=save]").click()
    expect(other).to_have_url(f"{live_server.url}/candidates/{candidate.pk}/")
    plain.locator("[name=residence]").fill("Mine")
    plain.locator("[name=home_town]").fill("Thái Bình")
    plain.locator("#operation input[name=save]").click()
    plain.get_by_role("row", name="Residence").get_by_text("Theirs").click()
    plain.locator("#operation input[name=save]").click()
    expect(plain).to_have_url(f"{live_server.url}/candidates/{candidate.pk}/")
    person = Person.objects.get(pk=candidate.person_id)
    assert (person.residence, person.home_town) == ("Theirs", "Thái Bình")
    plain.context.close()
