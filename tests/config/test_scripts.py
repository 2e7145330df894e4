"""What `make fresh` throws away, and what `make check` finds in templates and style sheets."""

import itertools

import pytest

from config.keys import new_key
from foundation.models import Office
from scripts import fresh, lint

OWN = fresh.practice_database()


@pytest.fixture
def practice(settings, monkeypatch, db):
    """The settings name the practice database (the suite itself runs on another)."""
    settings.PRACTICE = True
    monkeypatch.setattr(fresh, "database", lambda: OWN)
    Office.objects.update_or_create(defaults={"practice_day": "2026-03-02"})


def test_the_practice_database_may_go(practice):
    assert fresh.refusal() == ""


def test_a_real_office_may_not(practice, settings):
    settings.PRACTICE = False
    assert fresh.refusal().startswith("PRACTICE is off")


@pytest.mark.parametrize("name", ["postgres", "/var/lib/office.sqlite3", f"{OWN}.bak"])
def test_another_database_may_not(practice, monkeypatch, name):
    monkeypatch.setattr(fresh, "database", lambda: name)
    assert fresh.refusal().startswith("DATABASE_URL names another database")


def test_a_database_that_says_it_is_real_may_not(practice):
    Office.objects.update(practice_day=None)
    assert "real office" in fresh.refusal()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("templates/a.html", '<p style="color: red">'),
        ("templates/a.html", "<button onclick='go()'>"),
        ("templates/a.html", '<div hx-on:click="go()">'),
        ("templates/a.html", "<style>p {}</style>"),
        ("templates/a.html", "<script>go()</script>"),
        ("templates/a.html", "{{ name|safe }}"),
        ("templates/a.html", "{% blocktranslate count counter=most with most=most|number %}"),
        ("templates/a.html", '<img src="https://elsewhere.example/x.png">'),
        ("static/a.css", "p { margin-left: 1px; }"),
        ("static/a.css", "p { right: 0; }"),
        ("static/a.css", "p { text-align: left; }"),
        ("static/a.css", "@import url(https://elsewhere.example/x.css);"),
        ("deploy/a.key.txt", "-----BEGIN RSA PRIVATE " + "KEY-----"),
        ("deploy/a.md", f"SEALING_KEYS={new_key(32)}"),
        ("tests/a.py", f"SECRET_KEY = '{new_key(48)}'"),
        ("docs/a.md", "postgres://office:" + "geheim@127.0.0.1/office"),
        ("membership/a.py", "x = mark_safe(text)"),
        ("membership/a.py", "rows = Person.objects.extra(where=[text])"),
        ("membership/a.py", "seats = forms.IntegerField(min_value=1)"),
        ("reports/a.py", "said = number_format(found)"),
    ],
    ids=itertools.count(),  # drawn keys are no names: two workers would know different tests
)
def test_each_fault_is_found(tmp_path, name, line):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(f"\n{line}\n")
    [found] = lint.findings(tmp_path)
    assert found.startswith(f"{name}:2: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/a.html", '<p class="style-a">{{ on_call }}</p><script src="{% static \'a.js\' %}" defer></script>'),
        ("templates/a.html", "{% blocktranslate count counter=most with number=most|number %}"),
        ("templates/a.html", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        ("static/a.css", "p { margin-inline-start: 1px; inset-inline-end: 0; text-align: start; }"),
        ("docs/a.md", "postgres://office:PASSWORD@127.0.0.1/office --hash=sha256:" + "a1" * 32),
        ("static/vendor/b.css", "p { margin-left: 1px; }"),
        ("membership/a.py", "page = forms.IntegerField(widget=forms.HiddenInput)"),
        ("reports/a.py", "from django.utils.formats import number_format"),
    ],
)
def test_what_is_right_is_let_through(tmp_path, name, text):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    assert list(lint.findings(tmp_path)) == []
