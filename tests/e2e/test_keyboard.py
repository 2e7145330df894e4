"""The main tasks by keyboard alone: one always sees where one is, and gets everywhere."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from membership.models import Organisation, Person
from recruitment.models import Candidate
from tests.builders import a_candidate, a_person, a_ward, an_administrator
from tests.e2e.readers import use_as

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "three quiet herons wade"
FOCUS = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const words = one.getAttribute("aria-label") || one.innerText || one.value || "";
  const page = one === document.body;
  const seen = look.outlineStyle !== "none" || look.boxShadow !== "none";
  return {page, seen, name: one.name || "", words: words.trim()};
}"""


def tab_to(screen: Page, *, words: str = "", name: str = "") -> None:
    """Tab after tab until the focus is there; it is seen all the way."""
    for _step in range(150):
        focus = screen.evaluate(FOCUS)
        assert focus["seen"] or focus["page"], focus
        said = [] if focus["page"] else focus["words"].splitlines()
        if (name and focus["name"] == name) or (words and any(line.startswith(words) for line in said)):
            return
        screen.keyboard.press("Tab")
    pytest.fail(f"the focus never came to {words or name}")


def press(screen: Page, words: str) -> None:
    """A button or link that leads to another page."""
    tab_to(screen, words=words)
    enter(screen)


def enter(screen: Page, key: str = "Enter") -> None:
    with screen.expect_navigation():
        screen.keyboard.press(key)


def type_into(screen: Page, **values: str) -> None:
    """Into fields by their names, in their order."""
    for name, text in values.items():
        tab_to(screen, name=name)
        screen.keyboard.press("Control+A")
        screen.keyboard.type(text)


def test_a_clerk_needs_no_mouse(screen: Page, live_server, clerk, cell):
    candidate = a_candidate(cell, person=a_person(full_name="Trần Thị Ánh"))
    other = a_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ"))
    clerk.set_password(PASSWORD)
    clerk.save()

    # signs in
    screen.goto(f"{live_server.url}/sign-in/")
    type_into(screen, login=clerk.username, password=PASSWORD)
    enter(screen)
    expect(screen).to_have_url(f"{live_server.url}/work/")

    # asks what the page is for
    screen.keyboard.press("?")
    expect(screen.get_by_role("dialog", name="What must I do now?")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(screen.get_by_role("dialog")).to_have_count(0)

    # finds somebody from the search box
    screen.keyboard.press("/")
    screen.keyboard.type("tran thi anh")
    enter(screen)
    expect(screen).to_have_url(re.compile("/search/"))
    press(screen, "Trần Thị Ánh")
    here = f"{live_server.url}{candidate.get_absolute_url()}"
    expect(screen).to_have_url(here)

    # records a step, and takes it back
    press(screen, "Take up")
    type_into(screen, happened_on="20/9/2024")
    enter(screen)
    expect(screen).to_have_url(here)
    press(screen, "Undo")
    expect(screen.get_by_role("main")).to_contain_text("undone")

    # notes a call
    press(screen, "Note a call")
    type_into(screen, with_whom="Bí thư chi bộ", text="Họp ngày 5")
    enter(screen, "Control+Enter")
    expect(screen).to_have_url(here)
    assert candidate.calls.count() == 1

    # goes through the list with the arrows, and opens a row
    screen.goto(f"{live_server.url}/candidates/")
    screen.keyboard.press("ArrowDown")
    screen.keyboard.press("ArrowDown")
    enter(screen)
    expect(screen).to_have_url(f"{live_server.url}{other.get_absolute_url()}")

    # filters the list
    screen.goto(f"{live_server.url}/candidates/")
    tab_to(screen, words="Stage")
    screen.keyboard.press("Enter")
    tab_to(screen, name="stage")
    screen.keyboard.type("Taken")
    press(screen, "Show")
    expect(screen).to_have_url(re.compile("stage=taken_up"))

    # enters somebody new
    screen.goto(f"{live_server.url}/candidates/new/")
    type_into(screen, full_name="Bùi Văn Cường", sex="male", born_on="8/6/1999", cell="hoc sinh", source="the cell")
    type_into(screen, nominated_on="5/9/2024")
    enter(screen)
    expect(screen.get_by_role("heading", level=1)).to_have_text("Bùi Văn Cường")
    assert Person.objects.get(full_name="Bùi Văn Cường").born_on == date(1999, 6, 8)
    assert Candidate.objects.count() == 3

    # asks whether the target will be reached, and who stands behind the number
    screen.goto(f"{live_server.url}/progress/")
    press(screen, "0")
    expect(screen).to_have_url(re.compile("/figures/admitted/"))

    # chooses the dark, with Escape closing what was opened before
    tab_to(screen, words="Your account")
    screen.keyboard.press("Enter")
    screen.keyboard.press("Escape")
    expect(screen.locator(".bar .menu[open]")).to_have_count(0)
    screen.keyboard.press("Enter")
    press(screen, "Dark")
    expect(screen.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_an_administrator_founds_a_cell_without_a_mouse(screen: Page, live_server, town, cell):
    use_as(screen, live_server, an_administrator(of=town))
    screen.goto(f"{live_server.url}/admin/")
    press(screen, "New cell")
    type_into(screen, name="Chi bộ 4", code="QY-BD-4", parent="truong thpt bach dang")
    press(screen, "Show what will change")
    expect(screen.get_by_role("heading", name="What will change")).to_be_visible()
    press(screen, "Found")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Chi bộ 4")
    assert Organisation.objects.filter(code="QY-BD-4").exists()


def test_the_bar_finds_another_unit_while_one_types_and_opens_the_chosen(screen: Page, live_server, town, clerk):
    ward = a_ward("Phường Đông Mai", under=town, code="W1")
    use_as(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/work/")
    screen.locator(".bar .units summary").click()
    screen.get_by_label("Another unit").press_sequentially("dong")
    line = screen.locator("#units-called-so option")
    expect(line).to_have_count(1)
    screen.get_by_label("Another unit").fill(str(line.get_attribute("value")))
    expect(screen).to_have_url(f"{live_server.url}/units/{ward.pk}/")
