"""The living page: every component of the pages in every state, from the very templates the pages use."""

from django.http import HttpRequest, HttpResponse

from foundation.web import page
from membership.declare import lists
from membership.models import Organisation
from reports import samples


@lists(Organisation, "unit.write")
def style(request: HttpRequest) -> HttpResponse:
    """Nobody on it is real and nothing on it is sent; language, colours and text change it like any page."""
    return page(request, "reports/style", samples.everything(request))
