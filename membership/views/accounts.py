"""Signing in and out, one-time codes, passwords, sessions, language, appearance."""

from datetime import datetime
from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from foundation.operation import OperationRefused, Submission
from foundation.web.forms import RESUMED
from membership import accounts, kept, limiter
from membership import appearance as appearances
from membership.adapter import begin_attempt, is_own_path, remember_language
from membership.declare import acts_on, public, signed_in
from membership.devices import device
from membership.forms.accounts import AppearanceForm, LanguageForm, RedeemForm, SlipForm, waiting
from membership.models import User
from membership.operations.accounts import hand_over_account


class SignIn(account_views.LoginView):
    """The one login view; the admin uses it too."""

    template_name = "account/sign_in.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Says too that a form was kept."""
        return super().get_context_data(**values) | {"kept": kept.waits(self.request)}

    def form_invalid(self, form: Any) -> HttpResponse:
        """422, or 429 with the seconds to wait."""
        return refused(self.render_to_response(self.get_context_data(form=form)), form)


class ChangePassword(account_views.PasswordChangeView):
    """A new password for one's own account."""

    template_name = "account/change_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An account without a password yet gets its first one by the code of its slip."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("redeem")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """422, or 429 with the seconds to wait."""
        return refused(self.render_to_response(self.get_context_data(form=form)), form)


sign_in = public("POST")(SignIn.as_view())
change_password = signed_in("POST")(ChangePassword.as_view())
change_password.before_password = True  # type: ignore[attr-defined]


def refused(response: HttpResponse, form: Any) -> HttpResponse:
    """The page of a form with errors, with the status that belongs to them."""
    seconds = waiting(form)
    response.status_code = 429 if seconds else 422
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


@signed_in("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks, POST ends the session."""
    if request.method == "POST":
        get_adapter().logout(request)
        return redirect("account_login")
    return render(request, "account/sign_out.html")


sign_out.before_password = True  # type: ignore[attr-defined]


@public("POST")
@sensitive_post_parameters("code", "password1", "password2")
def redeem(request: HttpRequest) -> HttpResponse:
    """With the code of a slip its holder chooses a password and is signed in."""
    form = RedeemForm(request.POST or None)
    if not form.is_bound:
        return render(request, "account/redeem.html", {"form": form})
    if form.is_valid() and (user := _redeemed(request, form)):
        response = perform_login(request, user, email_verification="none")
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Your password is set."))
        return response
    return refused(render(request, "account/redeem.html", {"form": form}), form)


def _redeemed(request: HttpRequest, form: RedeemForm) -> Any:
    username = form.cleaned_data["username"].strip().casefold()
    language = translation.get_language() if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else ""
    try:
        attempt = begin_attempt(request, username)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    try:
        user = accounts.redeem(username, form.cleaned_data["code"], form.cleaned_data["password1"], language)
    except ValidationError as error:
        form.add_error("password1", error)
        return None
    if user is None:
        form.add_error("code", _("This code is not right for this user name, was used, or is older than 7 days."))
        return None
    limiter.succeeded(attempt)
    return user


@signed_in()
def resume(request: HttpRequest) -> HttpResponse:
    """The form that was open when the session ended, one activation away."""
    found = kept.waiting(request)
    if found is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    path, values = found
    return render(request, "account/resume.html", {"path": path, "values": values, "resumed": RESUMED})


@acts_on(User, "access.write", read="access.write")
def slip(request: HttpRequest, account: User) -> HttpResponse:
    """GET asks, POST makes a new one-time code and shows it once, on a page to print."""
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = accounts.new_code()
        try:
            hand_over_account(Submission(request.user), account=account, code=code)  # no key: each slip is a new code
        except OperationRefused as refusal:
            form.refuse(refusal)
        else:
            address = request.build_absolute_uri(reverse("redeem"))
            until = timezone.now() + accounts.VALID_FOR
            shown = {"account": account, "code": code, "address": address, "until": until}
            return render(request, "account/slip.html", shown)
    context = {"account": account, "form": form}
    return render(request, "account/hand_over.html", context, status=form.status)


@signed_in("POST")
def sessions(request: HttpRequest) -> HttpResponse:
    """The reader's own sessions, this one first, then the last used; POST ends another one, or all but this one."""
    own = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        for session in own:
            meant = str(session.pk) == request.POST.get("session") or "others" in request.POST
            if meant and not session.is_current():
                accounts.end_session(session)
        return redirect("sessions")
    for one in own:
        one.device = device(one.user_agent)
    return render(request, "account/sessions.html", {"sessions": sorted(own, key=_nearest, reverse=True)})


def _nearest(session: UserSession) -> tuple[bool, datetime]:
    return session.is_current(), session.last_seen_at


@public("POST")
def language(request: HttpRequest) -> HttpResponse:
    """The reader's language from now on, on this browser and, signed in, everywhere."""
    form = LanguageForm(request.POST or None)
    if not form.is_bound:
        return render(request, "account/language.html", {"languages": _languages()})
    if not form.is_valid():
        return render(request, "account/language.html", {"languages": _languages()}, status=422)
    chosen, onward = form.cleaned_data["language"], form.cleaned_data["next"]
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = HttpResponseRedirect(onward if is_own_path(onward) else settings.LOGIN_REDIRECT_URL)
    remember_language(response, chosen)
    return response


@public("POST")
def appearance(request: HttpRequest) -> HttpResponse:
    """Light or dark and the size of the text, from now on in this browser."""
    form = AppearanceForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/appearance.html", {"form": form}, status=422 if form.is_bound else 200)
    onward = form.cleaned_data["next"]
    response = HttpResponseRedirect(onward if is_own_path(onward) else reverse("appearance"))
    for what in appearances.CHOICES:
        if form.cleaned_data[what]:
            appearances.remember(response, what, form.cleaned_data[what])
    return response


def _languages() -> list[tuple[str, str]]:
    """Code and the language's own name for itself."""
    return [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
