"""Widgets drawn by plain code say what Django's templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from foundation.web.drawing import Renderer

CHOICES = [("", "Any"), ("a", "Ấp <b>"), (1, "One & two"), ("Group", [("x", "Ex"), (None, "None")])]


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
@pytest.mark.parametrize("value", ["", "a", "1", ["a", "x"], None])
def test_a_select_says_what_djangos_template_says(kind, value):
    widget = kind(choices=CHOICES, attrs={"id": "unit", "required": True, "disabled": False, "title": '"x"'})
    drawn = widget.render("field", value, renderer=Renderer())
    assert _plain(drawn) == _plain(widget.render("field", value, renderer=DjangoTemplates()))
    assert "Ấp &lt;b&gt;" in drawn


def test_labels_begin_with_a_capital_and_other_widgets_come_from_templates():
    assert ">Open</option>" in forms.Select(choices=[("o", "open")]).render("state", "", renderer=Renderer())
    assert forms.TextInput().render("q", "<", renderer=Renderer()) == '<input type="text" name="q" value="&lt;">'


def _plain(html: str) -> str:
    """Without white space between tags, and without marks that isolate a direction."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html).replace("\u2068", "").replace("\u2069", "").strip()
