"""Translations: complete, with the placeholders of their sources, compiled as they stand; and pages speak them."""

import re
import subprocess
import sys
from importlib import import_module

import pytest
from django.utils import translation

from foundation import operation
from membership.timeline import WORDS
from scripts import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
LANGUAGES = sorted(path.parent.parent.name for path in catalogues.ROOT.glob("locale/*/LC_MESSAGES/django.po"))


def a_catalogue(folder, *entries, language="xx"):
    """A .po file with these entries, beside the compiled form of nothing."""
    po = folder / language / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEAD.format(language=language) + "\n\n".join(entries) + "\n", encoding="utf-8")
    empty = catalogues.ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.mo"
    po.with_suffix(".mo").write_bytes(empty.read_bytes())
    return po


def told(po, complete=True):
    """The faults of the catalogue, but for its compiled form, which is of another."""
    return [fault for fault in catalogues.faults(po, complete) if "stale" not in fault]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_hold(language):
    po = catalogues.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    assert list(catalogues.faults(po, language in catalogues.COMPLETE)) == []


def test_what_a_button_calls_saving_no_sentence_calls_storing():
    po = catalogues.ROOT / "locale" / LANGUAGES[0] / "LC_MESSAGES" / "django.po"
    texts = " ".join(message.source + message.parts.get("msgid_plural", "") for message in catalogues.read(po))
    assert re.findall(r"\b[Ss]tor(?:e[ds]?|ing)\b", texts) == []


def test_the_check_is_run_as_a_command():
    run = subprocess.run([sys.executable, "-m", "scripts.catalogues"], cwd=catalogues.ROOT, capture_output=True)
    assert run.returncode == 0, run.stdout.decode()


@pytest.mark.parametrize(
    ("_case", "entry", "words"),
    [
        ("missing", 'msgid "Save"\nmsgstr ""', "not translated"),
        ("one form missing", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""', "not translated"),
        ("fuzzy", '#, fuzzy\nmsgid "Save"\nmsgstr "Lưu"', "fuzzy"),
        ("placeholder lost", 'msgid "From %(day)s"\nmsgstr "Từ ngày"', "placeholders differ"),
        ("placeholder misspelt", 'msgid "From %(day)s"\nmsgstr "Từ %(ngay)s"', "placeholders differ"),
        ("placeholder of another kind", 'msgid "%(n)d left"\nmsgstr "còn %(n)s"', "placeholders differ"),
        ("tag lost", 'msgid "<b>Yes</b>"\nmsgstr "Có"', "tags differ"),
        ("too many forms", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] "y"', "plural forms"),
        ("blank at the end", 'msgid "a "\nmsgstr "x"', "blanks"),
        (
            "placeholder misspelt in a plural",
            'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(m)s ngày"',
            "placeholders differ",
        ),
        ("decomposed", 'msgid "a"\nmsgstr "\u0065\u0302"', "NFC"),
        ("Latin comma", 'msgid "a, b"\nmsgstr "نعم, لا"', "Latin mark"),
        ("Latin question mark", 'msgid "a?"\nmsgstr "نعم?"', "Latin mark"),
        ("strokes before the alif", 'msgid "day"\nmsgstr "يومًا"', "after the alif"),
        ("a name adrift", 'msgid "From %(person)s"\nmsgstr "من %(person)s"', "not isolated"),
        ("isolated without end", 'msgid "a %(x)s"\nmsgstr "x \u2068%(x)s"', "without end"),
        ("brace lost", 'msgid "Choose {}"\nmsgstr "Chọn"', "placeholders differ"),
    ],
)
def test_a_fault_is_found(tmp_path, _case, entry, words):
    assert [words in fault for fault in told(a_catalogue(tmp_path, entry))] == [True]


def test_a_sound_catalogue_has_no_fault(tmp_path):
    entries = [
        'msgctxt "m"\nmsgid "From %(day)s "\nmsgstr ""\n"Từ "\n"%(day)s "',
        'msgid "<b>a</b>"\nmsgstr "<b>x</b>"',
    ]
    assert told(a_catalogue(tmp_path, *entries)) == []


def test_a_missing_text_is_no_fault_of_a_language_on_its_way(tmp_path):
    assert told(a_catalogue(tmp_path, 'msgid "Save"\nmsgstr ""'), complete=False) == []


def test_a_stale_compiled_catalogue_is_found(tmp_path):
    po = a_catalogue(tmp_path, 'msgid "Save"\nmsgstr "Lưu"')
    assert [fault for fault in catalogues.faults(po, complete=True) if "stale" in fault]


def test_a_compiled_catalogue_with_another_plural_is_stale(tmp_path):
    ours = catalogues.ROOT / "locale" / "vi" / "LC_MESSAGES"
    po = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.with_suffix(".mo").write_bytes((ours / "django.mo").read_bytes())
    text = (ours / "django.po").read_text(encoding="utf-8")
    po.write_text(text, encoding="utf-8")
    assert list(catalogues.faults(po, complete=True)) == []
    po.write_text(text.replace("nplurals=1; plural=0", "nplurals=1; plural=0+0"), encoding="utf-8")
    assert [fault for fault in catalogues.faults(po, complete=True) if "stale" in fault]


def a_program(folder, code="", template=""):
    """A source tree with one module and one template."""
    for name, text in {"foundation/a.py": code, "templates/a.html": template}.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return catalogues.marked(folder)


@pytest.mark.parametrize(
    ("code", "template", "keys"),
    [
        ('_("Save" " it")\nobject.gettext_lazy("Go")', "", {(None, "Save it"), (None, "Go")}),
        ('ngettext("day", "days", n)', "", {(None, "day")}),
        ('pgettext_lazy("month", "May")\nnpgettext("m", "a", "b", n)', "", {("month", "May"), ("m", "a")}),
        ("gettext(title)\nprint('Save')", "", set()),
        (
            "",
            '{% load i18n %}{% translate "It\'s so" %} {{ x|default:_("None") }}',
            {(None, "It's so"), (None, "None")},
        ),
        ("", '{% translate "May" context "month" as x %}', {("month", "May")}),
        (
            "",
            "{% blocktranslate trimmed %}\n From\n {{ day }}\n{% endblocktranslate %}",
            {(None, "From %(day)s")},
        ),
        (
            "",
            "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            {(None, "%(n)s day")},
        ),
        ("", '{% include "a.html" with sentence=_("Nothing here.") %}', {(None, "Nothing here.")}),
    ],
)
def test_texts_are_found_in_code_and_in_templates(tmp_path, code, template, keys):
    assert a_program(tmp_path, code, template).keys() == keys


def test_a_text_that_is_in_no_catalogue_is_found(tmp_path):
    texts = a_program(tmp_path / "program", '_("Save")\n_("Go")')
    po = a_catalogue(tmp_path, 'msgid "Save"\nmsgstr "Lưu"', 'msgid "Old"\nmsgstr "Cũ"', 'msgid "Save"\nmsgstr "Ghi"')
    assert list(catalogues.unmatched(po, texts)) == [
        "xx: “Go” of a.py is not in the catalogue: run `make messages`",
        "xx: “Old” stands nowhere in the program: run `make messages`",
        "xx: “Save” is in the catalogue twice",
    ]


def test_a_text_under_another_context_is_another_text(tmp_path):
    texts = a_program(tmp_path / "program", 'pgettext("month", "May")')
    assert len(list(catalogues.unmatched(a_catalogue(tmp_path, 'msgid "May"\nmsgstr "x"'), texts))) == 2


@pytest.mark.parametrize(
    ("text", "vietnamese"), [("Work today", "Việc hôm nay"), ("Skip to main content", "Đến nội dung chính")]
)
def test_our_words_win(text, vietnamese):
    with translation.override("vi"):
        assert translation.gettext(text) == vietnamese


def test_languages_are_called_by_their_own_names(client, db):
    page = client.get("/sign-in/", headers={"accept-language": "vi"}).content.decode()
    assert all(name in page for name in ("Tiếng Việt", "English", "العربيّة"))


def test_every_operation_is_called_something_in_timelines():
    import_module("reports.demo.play")  # loaded by its command only
    ours = {name for name, run in operation.REGISTRY.items() if not run.__module__.startswith(("tests", "test_"))}
    assert sorted(ours - set(WORDS)) == []
