"""Templates, tags and vendored files: what every page stands on."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from foundation.templatetags import ui

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))
VENDOR = ROOT / "static" / "vendor"
ICON = re.compile(r"""\{%\s*icon\s+"([^"]+)\"|default:"([a-z0-9-]+)"\s*(?:%\}|label)|"icon":\s*"([^"]+)\"""")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read(name):
    get_template(name)


def listed_icons():
    return (ROOT / "scripts" / "icons.txt").read_text().split()


def test_the_sprite_holds_exactly_the_listed_icons():
    sprite = ElementTree.XML((VENDOR / "icons" / "sprite.svg").read_text())
    assert [symbol.get("id") for symbol in sprite] == listed_icons()


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    sources = [*(ROOT / "templates").rglob("*.html")]
    sources += [path for app in ("membership", "recruitment", "reports") for path in (ROOT / app).rglob("*.py")]
    asked = {name for path in sources for found in ICON.findall(path.read_text()) for name in found if name}
    assert {"check2", "telephone"} <= asked
    assert asked <= set(listed_icons())


def test_vendored_files_have_their_licences_and_ask_for_nothing_else():
    assert {path.parent.name for path in VENDOR.rglob("LICENSE*")} == {"bootstrap", "fonts", "icons"}
    for sheet in VENDOR.rglob("*.css"):
        assert "sourceMappingURL" not in sheet.read_text()


def test_every_class_of_bootstrap_that_is_used_is_in_the_parts_we_have():
    family = re.compile(
        r"(?:btn|form|is-(?:in)?valid|invalid|d|[mp][tbesxy]?|fw|fs|text|col|row|g[xy]?|table|alert|card)(?:-[a-z0-9]+)*"
    )
    own = " ".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for names in re.findall(r'class="([^"]*)"', path.read_text())
        for name in re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", names).split()
        if family.fullmatch(name)
    }
    assert {"btn", "form-control", "mt-3"} <= used
    for sheet in ("bootstrap.min.css", "bootstrap.rtl.min.css"):
        there = set(re.findall(r"\.([a-z][\w-]*)", own + (VENDOR / "bootstrap" / sheet).read_text()))
        assert used - there == set()


def test_an_icon_is_hidden_from_screen_readers_unless_it_speaks():
    assert 'aria-hidden="true"' in ui.icon("check2")
    spoken = ui.icon("check2", '"><b>')
    assert 'role="img" aria-label="&quot;&gt;&lt;b&gt;"' in spoken
    assert "<b>" not in spoken


def test_only_icons_that_point_are_mirrored():
    assert 'class="icon flip"' in ui.icon("arrow-right")
    assert 'class="icon"' in ui.icon("telephone")


@pytest.mark.parametrize(
    ("value", "short", "shown"),
    [
        (date(2024, 10, 31), False, '<time datetime="2024-10-31">31/10/2024</time>'),
        (date(2024, 10, 31), True, '<time datetime="2024-10-31">31/10</time>'),
        (
            datetime(2024, 10, 31, 20, 5, tzinfo=UTC),
            False,
            '<time datetime="2024-11-01T03:05:00+07:00">01/11/2024 03:05</time>',
        ),
        (None, False, "–"),
        ("", False, "–"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(value, short, shown):
    with translation.override("vi"):
        assert ui.day(value, short) == shown


def test_in_arabic_a_day_keeps_its_order():
    with translation.override("ar"):
        assert ui.day(date(2024, 10, 31)) == '<time datetime="2024-10-31" dir="ltr">31/10/2024</time>'


def test_a_name_is_isolated_and_escaped():
    assert ui.name("Trần <Ánh>") == "<bdi>Trần &lt;Ánh&gt;</bdi>"
    assert ui.name(None) == "–"


def test_a_name_within_a_sentence_is_kept_together_isolated_and_escaped():
    assert ui.whole("Correct Lê <b>", "Lê <b>") == 'Correct <span class="whole"><bdi>Lê &lt;b&gt;</bdi></span>'
    assert ui.whole("\u2068Lê\u2069: vote", "Lê") == '<span class="whole"><bdi>Lê</bdi>:</span> vote'
    assert ui.whole("Nothing <of> that", None) == "Nothing &lt;of&gt; that"


def test_a_value_of_a_table_is_written_by_its_kind():
    written = [ui.written(value) for value in (date(2024, 10, 31), "Chi bộ 2", None, "")]
    with translation.override("vi"):
        assert written == ['<time datetime="2024-10-31">31/10/2024</time>', "<bdi>Chi bộ 2</bdi>", "", ""]


def render(name, **context):
    with translation.override("en"):
        return Template(f'{{% include "components/{name}.html" %}}').render(Context(context))


def test_findings_say_their_state_in_words_with_the_clause():
    shown = render(
        "findings",
        frame={"as_at": date(2024, 10, 31)},
        findings=[
            {"state": "until", "day": date(2024, 11, 20), "sentence": "Too early.", "clause": "24-QĐ/TW, 3.2.1"},
            {"state": "blocked", "sentence": "No paper."},
        ],
        holds=[{"sentence": "Old enough."}],
    )
    assert "Blocks until" in shown
    assert ">20/11</time>" in shown
    assert '<bdi class="clause"><span class="nowrap">24-QĐ/TW</span>, 3.2.1</bdi>' in shown
    assert "Blocks until done" in shown
    assert "1 other condition holds" in shown


def test_the_tracker_says_earliest_only_for_what_lies_ahead():
    stages = [
        {"word": "Nominated", "state": "done", "day": date(2024, 1, 15)},
        {"word": "Dossier", "state": "now", "day": date(2024, 7, 10)},
        {"word": "Ceremony", "state": "ahead", "day": date(2025, 1, 2), "key": True},
    ]
    shown = " ".join(
        re.sub(r"<[^>]+>", "", render("tracker", stages=stages, frame={"as_at": date(2024, 10, 31)})).split()
    )
    assert "earliest 02/01/2025" in shown
    assert "since 10/07" in shown
    assert shown.count("earliest") == 1


def test_what_people_typed_is_escaped_everywhere_in_a_timeline():
    evil = "<script>x</script>"
    entry = {"day": date(2024, 10, 1), "sentence": evil, "by": evil, "note": evil, "changes": [(evil, evil, evil)]}
    assert "<script>" not in render("timeline", timeline=[entry])


def test_what_was_not_there_before_is_not_said_to_have_been_a_dash():
    entry = {"day": date(2024, 10, 1), "sentence": "Saved", "changes": [("name", "–", "New"), ("code", "Old", "New")]}
    shown = " ".join(re.sub(r"<[^>]+>", " ", render("timeline", timeline=[entry])).split())
    assert "name: New code: Old New" in shown


def test_names_one_behind_the_other_are_each_kept_on_one_line():
    shown = '<bdi><span class="whole">Chi bộ 3,</span> <span class="whole">Xã Tiền An</span></bdi>'
    assert ui.parts("Chi bộ 3, Xã Tiền An") == shown
    assert ui.parts("Chi bộ <3>") == '<bdi><span class="whole">Chi bộ &lt;3&gt;</span></bdi>'


def test_a_unit_without_source_says_so_instead_of_a_date():
    child = {"name": "Ward", "bullet": "", "admitted": 3, "target": 4, "ceiling": 3, "short": 1, "last_day": None}
    assert "no source left" in render("bullets", children=[child])
    assert "no source left" not in render("bullets", children=[{**child, "short": 0}])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b> 2-KNĐ", '&lt;b&gt; <span class="nowrap">2-KNĐ</span>'),
        ("(4A-KNĐ, 24-QĐ/TW, 4.2.1)",
         '(<span class="nowrap">4A-KNĐ</span>, <span class="nowrap">24-QĐ/TW</span>, 4.2.1)'),
        ("Trung tâm GDNN-GDTX, 2020-2025", "Trung tâm GDNN-GDTX, 2020-2025"),
    ],
)  # fmt: skip
def test_codes_of_papers_are_not_broken_at_their_hyphen(text, shown):
    assert ui.codes(text) == shown
    assert ui.name(text) == f"<bdi>{shown}</bdi>"


@pytest.mark.parametrize(
    ("rows", "size", "number", "said"),
    [(1, 25, 1, "1"), (3, 25, 1, "1–3 of 3"), (26, 25, 1, "1–25 of 26"), (26, 25, 2, "26 of 26")],
)
def test_one_row_is_no_range(rows, size, number, said):
    page = Paginator(range(rows), size).page(number)
    context = Context({"request": RequestFactory().get("/"), "page": page})
    with translation.override("en"):
        drawn = Template("{% load ui %}{% pager page %}").render(context)
    assert re.search(r"data-announce>([^<]*)<", drawn)[1] == said
