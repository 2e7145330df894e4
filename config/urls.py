"""Every address of the program."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("membership.account_urls")),
    path("", include("membership.urls")),
    path("", include("recruitment.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.failed"
