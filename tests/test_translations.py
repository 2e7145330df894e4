"""Translations: complete, with the placeholders of their sources, compiled as they stand; and pages speak them."""

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
