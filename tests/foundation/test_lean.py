"""Templates lose their indentation and nothing a reader would see."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def rendered(folder, text, **context):
    (folder / "one.html").write_text(text)
    engine = Engine(dirs=[folder], loaders=["foundation.lean.Loader"])
    return engine.get_template("one.html").render(Context(context))


def test_indentation_goes_and_words_stay_apart(tmp_path):
    text = "<p>\n    one\n\n    {% if more %}\n      two\n    {% endif %}\n    three</p>\n"
    assert rendered(tmp_path, text, more=True).split() == ["<p>", "one", "two", "three</p>"]
    assert "  " not in rendered(tmp_path, text, more=True)
    assert rendered(tmp_path, text, more=False).split() == ["<p>", "one", "three</p>"]


def test_what_a_value_says_keeps_its_lines(tmp_path):
    text = "<textarea>\n{{ value }}</textarea>"
    assert rendered(tmp_path, text, value="a\n   b\n\n\nc") == "<textarea>\na\n   b\n\n\nc</textarea>"


def test_a_tag_that_shows_something_keeps_the_space_before_it(tmp_path):
    text = "one\n{% firstof two %}\nthree\n{% if two %}<b>four</b>{% endif %}\n"
    assert rendered(tmp_path, text, two="two").split() == ["one", "two", "three", "<b>four</b>"]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_text_to_be_translated_runs_over_lines_unless_trimmed(path):
    for options, text in re.findall(r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate", path.read_text(), re.DOTALL):
        assert "\n" not in text or "trimmed" in options, text
