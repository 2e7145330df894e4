"""Sessions that end, and the login page before everything that is not public."""

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from membership import kept
from membership.adapter import is_own_path

_SEEN_EVERY = 60  # seconds between two notes that a session is in use


class SessionLimits:
    """Ends a session that was idle for 30 minutes (administrators 15), or is 12 hours old, at its next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer, as a stranger if the session has run out; a form on its way is kept for its account."""
        key = request.session.get(SESSION_KEY)  # gone once the user is looked up, where the session was ended
        if not request.user.is_authenticated:
            request.ended_for = key  # type: ignore[attr-defined]
        else:
            moment = time.time()
            if _has_run_out(request, moment):
                logout(request)
                request.ended_for = key  # type: ignore[attr-defined]
            elif moment - request.session.get("seen_at", 0) > _SEEN_EVERY:
                request.session["seen_at"] = moment
                own = UserSession.objects.filter(session_key=request.session.session_key)
                own.update(last_seen_at=timezone.now())
        return self.get_response(request)


def _has_run_out(request: HttpRequest, moment: float) -> bool:
    minutes = settings.SESSION_IDLE_MINUTES_ADMINISTRATOR if request.user.is_staff else settings.SESSION_IDLE_MINUTES
    idle = moment - request.session.get("seen_at", moment)
    age = moment - request.session.setdefault("started_at", moment)
    return idle > minutes * 60 or age > settings.SESSION_HOURS * 3600


class SignInRequired(LoginRequiredMiddleware):
    """Every view but the public ones asks for a login; who must choose a password does so first."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Nothing where the view may run, else the way to the login page or the password."""
        if request.user.is_authenticated and request.user.must_change_password and _asks_password_first(view_func):
            return _to(request, reverse("account_change_password"))
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        """To the login page, and afterwards back, with the form on its way; a fragment sends the whole page there."""
        if request.method == "POST" and (account := getattr(request, "ended_for", None)):
            kept.keep(request, int(account), _page(request))
        return _to(request, f"{reverse('account_login')}?{urlencode({'next': _page(request)})}")


def _asks_password_first(view: Callable[..., HttpResponse]) -> bool:
    return getattr(view, "login_required", True) and not getattr(view, "before_password", False)


def _page(request: HttpRequest) -> str:
    """The page the reader sees: for a fragment the one around it; where a POST was, its address."""
    if request.headers.get("HX-Request") and (current := request.headers.get("HX-Current-URL")):
        parts = urlsplit(current)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return path if is_own_path(path) else "/"
    return request.get_full_path()


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
