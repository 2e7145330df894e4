"""Every page of every role in a language that is none: no text is left that nobody can translate."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info

from membership.models import Person, Template, User
from membership.register.columns import examples
from recruitment.models import Candidate, ProcedureVersion
from reports import samples
from reports.frame import initials
from tests.walk import pseudo
from tests.walk.pages import administration
from tests.walk.town import MISSING, ROLES, Town, rolled_back
from tests.walk.walk import routes

SIGNS = ("XLSX", "CSV", "test", "live", "ready")  # formats of files; what the builders call entries; said to machines
LISTED = ("members", "candidates", "units", "progress_units")
NAMES = re.compile(r"\bzq[a-z]{12}")  # the markers in the names of this town
THOROUGH = ("restricted", "figures")  # these try every step and every figure
SENDING = ("restricted", "administrator")  # these also send forms of nonsense, to be told what is wrong


def _pages(town: Town, role: str) -> Iterator[str]:
    """The reader's own row of every address, and what files and paper say."""
    for route in routes():
        key = town.object(route.model, role, "own") if route.model else None
        if route.model is None or key is not None:
            found = route.addresses(key, key if route.model is Candidate else MISSING)
            yield from found if role in THOROUGH else found[:1]
    for name in LISTED:
        yield from (f"{reverse(name)}?format={kind}" for kind in ("csv", "xlsx", "print"))
    if role in ("administrator", "town"):
        yield from administration(town.users[role])


def _answers(town: Town, role: str) -> Iterator[tuple[str, HttpResponse]]:
    client = Client(headers={"Accept-Language": pseudo.CODE})
    user = town.users[role]
    for address in _pages(town, role):
        if user and "_auth_user_id" not in client.session:
            client.force_login(User.objects.get(pk=user.pk))
        with rolled_back():
            yield address, client.get(address)
        if role in SENDING and "?" not in address:
            with rolled_back():
                yield address, client.post(address, {"walk": "1", "q": "1"})


def _data() -> pseudo.Data:
    own_names = [get_language_info(code)["name_local"] for code, _name in settings.LANGUAGES]
    called = User.objects.values_list("username", "person__full_name")
    letters = [initials(name) for names in called for name in names if name]
    codes = ProcedureVersion.objects.values_list("code", flat=True)
    shown = [cell for name in Template.values for row in examples(name) for cell in row if isinstance(cell, str)]
    unsafe = ["fsync"]  # a setting of the PostgreSQL that the tests start
    return pseudo.Data([*SIGNS, *unsafe, *own_names, *letters, *codes, *shown, *samples.TEXTS])


@pytest.mark.parametrize("role", [role for role in ROLES if role != "deactivated"])
def test_every_text_of_every_page_is_translated(walked, role):
    data, wrong = _data(), {}
    with pseudo.spoken():
        for address, answer in _answers(walked, role):
            for text in pseudo.untranslated(answer, data):
                wrong.setdefault(text, f"{answer.status_code} {address}")
            if "html" in answer.headers.get("Content-Type", ""):
                adrift = pseudo.Mixed(answer.content.decode(), NAMES).adrift
                wrong |= {f"not isolated: {text}": address for text in adrift}
    assert wrong == {}


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<p>⟦Lưu⟧ Trần Thị Ánh, 31/10/2024</p>", []),
        ("<p>Save</p>", ["Save"]),
        ("<p>⟦Lưu ⟪Trần Thị Ánh⟫ <b>ngay</b>⟧</p>", []),
        ("<p>⟦Lưu ⟪now⟫⟧</p>", ["now"]),
        ("<p>⟦Lưu ⟪⟦bây giờ⟧⟫⟧</p>", []),
        ('<input placeholder="Name" value="typed">', ["Name"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<a aria-label="Close" title="Shut">×</a>', ["Close", "Shut"]),
        ('<svg><title>Chart</title><text>Pace</text></svg><img alt="True">', ["Chart Pace", "True"]),
        ('<option label="Group">⟦x⟧</option><button lang="en">English</button><kbd>Esc</kbd>', ["Group"]),
    ],
)
def test_what_nobody_can_translate_is_found(walked, page, left):
    walked.places["cell A1"].rows[Person].full_name = "Trần Thị Ánh"
    walked.places["cell A1"].rows[Person].save()
    assert pseudo.untranslated(HttpResponse(page), pseudo.Data()) == left


@pytest.mark.parametrize(
    ("page", "adrift"),
    [
        ("<td>Ánh</td><li>⟦Lưu⟧ <bdi>Ánh</bdi></li><p>⟦Lưu ⟪\u2068Ánh\u2069⟫⟧</p>", []),
        ("<p>⟦Lưu ⟪Ánh⟫⟧</p>", ["⟦Lưu ⟪Ánh⟫⟧"]),
        ("<li>⟦Lưu⟧ <a>Ánh</a></li>", ["⟦Lưu⟧ Ánh"]),
        ('<a title="⟦Lưu ⟪Ánh⟫⟧"><span dir="ltr">Ánh</span></a>', ["⟦Lưu ⟪Ánh⟫⟧"]),
    ],
)
def test_a_name_without_a_direction_of_its_own_is_found(page, adrift):
    assert pseudo.Mixed(page, re.compile("Ánh")).adrift == adrift


def test_marks_that_do_not_match_are_found():
    with pytest.raises(ValueError, match="⟦Lưu"):
        pseudo.outside("⟦Lưu ⟪ngay⟧⟫")


def test_a_text_that_one_language_lacks_is_left_in_english(db):
    with pseudo.spoken(), translation.override(pseudo.CODE):
        assert translation.gettext("Save") == "⟦حفظ⟧"
        assert translation.gettext("No catalogue has this.") == "No catalogue has this."
