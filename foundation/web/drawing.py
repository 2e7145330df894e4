"""How widgets are drawn: from templates/, but inputs and selects by plain code: filters have a hundred options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from foundation.words import isolated

_SELECT = "django/forms/widgets/select.html"
_INPUTS = {f"django/forms/widgets/{kind}.html" for kind in ("checkbox", "email", "hidden", "input", "number", "text")}


class Renderer(TemplatesSetting):
    """Django's own, but for inputs and selects."""

    def render(self, template_name: str, context: Any, request: Any = None) -> SafeString:
        """The widget as HTML."""
        if template_name == _SELECT:
            return _select(context["widget"])
        if template_name in _INPUTS:
            return _input(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = f' value="{escaped(str(widget["value"]))}"' if widget["value"] is not None else ""
    return SafeString(
        f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{_attributes(widget["attrs"])}>'
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = "".join(_group(label, options) for label, options, _index in widget["optgroups"])
    return SafeString(f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>')


def _group(label: Any, options: list[Mapping[str, Any]]) -> str:
    drawn = "".join(map(_option, options))
    return f'<optgroup label="{escaped(label)}">{drawn}</optgroup>' if label else drawn


def _option(option: Mapping[str, Any]) -> str:
    label = escaped(isolated(capfirst(option["label"])))
    return f'<option value="{escaped(str(option["value"]))}"{_attributes(option["attrs"])}>{label}</option>\n'


def _attributes(attrs: Mapping[str, Any]) -> str:
    """As in Django's attrs.html: True is a name alone, False is nothing."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )
