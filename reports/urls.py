"""Addresses of figures."""

from django.urls import path

from reports.views import figures, helping, home, progress, style

urlpatterns = [
    path("", home.home, name="home"),
    path("help/<str:topic>/", helping.topic, name="help"),
    path("first-steps/", home.first_steps, name="first_steps"),
    path("profile/", home.profile, name="profile"),
    path("progress/", progress.show, name="progress"),
    path("progress/units/", progress.units, name="progress_units"),
    path("progress/months/", progress.months, name="progress_months"),
    path("figures/<slug:code>/", figures.figure_list, name="figure_list"),
    path("style/", style.style, name="style"),
]
