"""Every page of the administration, for the crawls that look at pages."""

from collections.abc import Iterator

from django.contrib.admin.sites import site
from django.test import RequestFactory
from django.urls import reverse

from membership.models import User


def administration(user: User) -> Iterator[str]:
    """Every page of the administration, with a row the reader administers."""
    request = RequestFactory().get("/")
    request.user = user
    yield from (reverse("admin:index"), reverse("admin:tree"))
    for admin in site._registry.values():
        if admin.has_module_permission(request):
            row = admin.get_queryset(request).first()
            for pattern in admin.get_urls():
                args = [row.pk] if pattern.pattern.converters else []
                yield reverse(f"admin:{pattern.name}", args=args)
