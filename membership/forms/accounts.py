"""Forms of signing in. Errors of the limiter keep their code, so that the page answers 429."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.web import OperationForm
from membership import appearance, limiter
from membership.adapter import begin_attempt
from membership.models import User

_LONGEST = 128


def waiting(form: forms.BaseForm) -> int:
    """Seconds to wait if the limiter refused the form, else 0."""
    found = [error for errors in form.errors.as_data().values() for error in errors if error.code == "too_many"]
    return int((found[0].params or {})["retry_after"]) if found else 0


class SignInForm(account_forms.LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("User name"), _("Password")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.widget.attrs = {"autocomplete": "current-password"}
        password.max_length, password.help_text = _LONGEST, ""
        password.validators = [*password.validators, forms.CharField(max_length=_LONGEST).validators[0]]


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password, checked under the same limiter as signing in, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("New password again"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_oldpassword(self) -> str:
        """The present password; wrong ones are counted."""
        attempt = begin_attempt(context.request, self.user.username)
        password: str = super().clean_oldpassword()
        limiter.succeeded(attempt)
        return password


class RedeemForm(forms.Form):
    """User name and code from the slip, and the password its holder chooses."""

    username = forms.CharField(label=_("User name"), max_length=64)
    code = forms.CharField(
        label=_("One-time code"), max_length=40, help_text=_("As on the slip; hyphens may be left out.")
    )
    password1 = forms.CharField(label=_("New password"), max_length=_LONGEST, strip=False)
    password2 = forms.CharField(label=_("New password again"), max_length=_LONGEST, strip=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "characters"}
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same one, and a good one."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("This is not the password you typed above."))
        if first:
            try:
                validate_password(first, User(username=data.get("username", "").strip().casefold()))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class SlipForm(OperationForm):
    """Asks before a new one-time code voids the one before."""

    submit = _("Make a new one-time code")


class LanguageForm(forms.Form):
    """Which language, and where to go on."""

    language = forms.ChoiceField(choices=())
    next = forms.CharField(max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class AppearanceForm(forms.Form):
    """Colours, size of the text or both, and where to go on."""

    theme = forms.ChoiceField(choices=appearance.CHOICES["theme"], required=False)
    text = forms.ChoiceField(choices=appearance.CHOICES["text"], required=False)
    next = forms.CharField(max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        """Something was chosen."""
        data = super().clean() or {}
        if not (data.get("theme") or data.get("text")):
            raise ValidationError(_("Choose the colours or the size of the text."))
        return data
