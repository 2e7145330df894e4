"""Help: what a page answers, on a page of its own that also opens over the page in question."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse

from foundation.web import guide, page
from membership import scope
from membership.declare import public


@public()
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """The help of one page, with what this reader may do there; it knows nothing of any person."""
    if topic not in guide.PAGES:
        raise Http404
    told = guide.PAGES[topic]
    context = {
        "told": told,
        "sentences": told.sentences(partial(scope.may, request.user)),
        "rules": told.rules() if told.rules else [],
        "base": "base.html" if request.user.is_authenticated else "base_plain.html",
    }
    return page(request, "reports/help", context)
