"""Addresses of the register: members, units, imports, search."""

from django.urls import path

from membership.views import calls, imports, people, units

urlpatterns = [
    path("members/", people.members, name="members"),
    path("members/new/", people.register, name="member_new"),
    path("members/receive/", people.receive, name="member_receive"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/describe/", people.describe, name="person_describe"),
    path("people/<int:pk>/place/", people.place, name="member_place"),
    path("people/<int:pk>/end/", people.end, name="member_end"),
    path("people/<int:pk>/send/", people.send, name="member_send"),
    path("people/<int:pk>/call/", calls.with_person, name="person_call"),
    path("people/<int:pk>/identity/", people.identity, name="person_identity"),
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/call/", calls.with_unit, name="unit_call"),
    path("suggest/unit/", units.suggest_unit, name="suggest_unit"),
    path("suggest/person/", units.suggest_person, name="suggest_person"),
    path("register/import/", imports.imports, name="imports"),
    path("register/import/template/<slug:name>.xlsx", imports.template, name="import_template"),
    path("register/import/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("register/import/<int:pk>/", imports.rows, name="import_rows"),
    path("search/", units.search, name="search"),
]
