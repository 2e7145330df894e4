"""What signing in means here: allauth asks this for all that is ours."""

import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from membership import accounts, kept, limiter
from membership.models import KnownBrowser, User

_BROWSER_AGE = 365 * 24 * 60 * 60  # seconds


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, one limiter for every door, a new session with its clock at each sign-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is not right."),
        "enter_current_password": _("This is not your present password."),
    }

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent there after signing in."""
        return is_own_path(url or "")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are handed over by an administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The attempt is counted, and refused before a password is checked if there were too many."""
        request.sign_in_attempt = begin_attempt(request, credentials["username"])  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The account if the password is right and it may sign in."""
        user = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        limiter.succeeded(request.sign_in_attempt)  # type: ignore[attr-defined]
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """The attempt is given back in `authenticate`, not in allauth's cache."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session is new, and its clocks start."""
        super().login(request, user)
        request.session["started_at"] = request.session["seen_at"] = time.time()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """To where the user was going; the browser is known from now on, in the user's language."""
        response = super().post_login(request, user, **kwargs)
        if kept.waits_for(request, user):
            response = HttpResponseRedirect(reverse("resume"))
        remember_browser(request, response, user)
        if user.language:
            remember_language(response, user.language)
        return response

    def set_password(self, user: User, password: str) -> None:
        """The password is stored, one-time code and other sessions end."""
        accounts.set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The first page."""
        return settings.LOGIN_REDIRECT_URL

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The login page."""
        return reverse("account_login")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Allauth's own notices are not shown: the page that follows says it."""


def is_own_path(address: str) -> bool:
    """Whether the address is a path of this site, from its root, and nothing that a browser takes for another host."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def begin_attempt(request: HttpRequest, username: str) -> limiter.Attempt:
    """The attempt, counted; a ValidationError with code `too_many` and the seconds to wait if there were too many."""
    browser = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        return limiter.begin(username, DefaultAccountAdapter(request).get_client_ip(request), browser)
    except limiter.TooManyAttempts as error:
        minutes = -(-error.retry_after // 60)
        raise ValidationError(
            _("Too many attempts. Try again in %(minutes)s min."),
            code="too_many",
            params={"minutes": minutes, "retry_after": error.retry_after},
        ) from error


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """From this browser the account has its own budget of attempts."""
    token = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    if not KnownBrowser.objects.filter(token_hash=limiter.token_hash(token)).exists():
        token = secrets.token_urlsafe(32)
    values = {"signed_in_at": timezone.now()}
    KnownBrowser.objects.update_or_create(token_hash=limiter.token_hash(token), user=user, defaults=values)
    _set_cookie(response, settings.BROWSER_COOKIE_NAME, token)


def remember_language(response: HttpResponse, language: str) -> None:
    """Pages before signing in, and error pages, are in this language too."""
    _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_BROWSER_AGE, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax", path="/"
    )
