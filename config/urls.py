"""Every address of the program."""

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("membership.account_urls")),
    path("", include("membership.urls")),
    path("", include("recruitment.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.failed"
