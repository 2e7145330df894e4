"""The floor: what any Django page of this kind costs here, in one file.

The office's own server, database, settings and middleware; session and user; a table of 25 rows inside a base page,
with one, two or three further statements (/t1, /t2, /t3). The office's pages are measured against these, in the same
rounds.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

ROWS = 25
_PROCESSORS = [
    f"django.{name}"
    for name in (
        "template.context_processors.request",
        "template.context_processors.i18n",
        "contrib.auth.context_processors.auth",
        "contrib.messages.context_processors.messages",
    )
]
_TEMPLATES = {
    "base.html": """{% load i18n static %}<!doctype html>
<html lang="{{ LANGUAGE_CODE }}"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{% static 'css/app.css' %}"></head>
<body><header><a href="/">{% translate "Candidates" %}</a> {{ user.username }}</header>
{% for message in messages %}<p>{{ message }}</p>{% endfor %}
<main>{% block content %}{% endblock %}</main></body></html>""",
    "table.html": """{% extends "base.html" %}{% block title %}Floor{% endblock %}{% block content %}
{% if count %}<p>{{ count }}</p>{% endif %}{% for unit in units %}<span>{{ unit.name }}</span>{% endfor %}
<table>{% for row in rows %}<tr><td><a href="{% url 't1' %}">{{ row.person.full_name }}</a></td>
<td>{{ row.cell.code }}</td><td>{{ row.opened_on|date:"d/m/Y" }}</td><td>{{ row.person.born_on|date:"d/m/Y" }}</td>
<td>{{ row.closed_as }}</td><td>{{ row.version }}</td></tr>{% endfor %}</table>{% endblock %}""",
}
settings.ROOT_URLCONF = __name__
settings.TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": _PROCESSORS,
            "loaders": [
                ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", _TEMPLATES)])
            ],
        },
    }
]
application = get_wsgi_application()


def _as_django_reads_accounts() -> None:
    """The office reads a session with its account and appointments; the floor reads a session, and then an account."""
    from django.contrib.auth.backends import ModelBackend
    from django.contrib.sessions.backends import db

    from membership.backend import WithAppointments
    from membership.sessions import SessionStore

    WithAppointments.get_user = ModelBackend.get_user  # type: ignore[method-assign]
    SessionStore.load = db.SessionStore.load  # type: ignore[method-assign]


_as_django_reads_accounts()


def _table(request: HttpRequest, statements: int) -> HttpResponse:
    from membership.models import Position
    from recruitment.models import Candidate

    rows = Candidate.objects.select_related("person", "cell").order_by("-pk")
    context = {"rows": rows[:ROWS]}
    if statements > 1:
        context["count"] = rows.count()
    if statements > 2:
        context["units"] = Position.objects.so().order_by("path")[:ROWS]
    return render(request, "table.html", context)


def t1(request: HttpRequest) -> HttpResponse:
    """25 rows."""
    return _table(request, 1)


def t2(request: HttpRequest) -> HttpResponse:
    """25 rows, and how many there are."""
    return _table(request, 2)


def t3(request: HttpRequest) -> HttpResponse:
    """25 rows, how many there are, and 25 of another kind."""
    return _table(request, 3)


urlpatterns = [path("t1", t1, name="t1"), path("t2", t2, name="t2"), path("t3", t3, name="t3")]
