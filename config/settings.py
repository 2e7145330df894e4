"""All settings, read from the environment and from the one file that SETTINGS_FILE names (docs/operation.md)."""

import os
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import guard, keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if file := keys.settings_file():
    env.read_env(file)

# What kind of office this is. Practice: a database to try things in, served over plain HTTP on this machine only.
PRACTICE = env.bool("PRACTICE", default=False)
DEBUG = env.bool("DEBUG", default=False)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK if PRACTICE else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not PRACTICE)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many of ours stand before the application

# Secrets: 32 random bytes each, as text. The first of a list is used, the others are still understood.
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SEALING_KEYS = env.list("SEALING_KEYS", default=[])  # seal identity numbers at rest
IDENTITY_KEY = env.str("IDENTITY_KEY", default="")  # finds an equal identity number without opening any
guard.refuse_insecure(
    practice=PRACTICE,
    debug=DEBUG,
    hosts=ALLOWED_HOSTS,
    secure_cookies=SECURE_COOKIES,
    database=env.str("DATABASE_URL", default=""),
    keys={
        "SECRET_KEY": [SECRET_KEY, *SECRET_KEY_FALLBACKS],
        "SEALING_KEYS": SEALING_KEYS,
        "IDENTITY_KEY": [IDENTITY_KEY],
    },
)

INSTALLED_APPS = [
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "foundation",
    "membership",
    "recruitment",
    "reports",
]
MIDDLEWARE = [
    "config.middleware.Logged",
    "config.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # behind static files, which are compressed already
    "config.middleware.WellFormed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "membership.middleware.SessionLimits",
    "membership.middleware.SignInRequired",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATE_LOADERS = ["foundation.lean.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": TEMPLATE_LOADERS if DEBUG else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "foundation.web.drawing.Renderer"  # widgets of ours are drawn from templates/
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# The database. An acknowledged vote must not vanish with the power: SQLite is FULL, PostgreSQL keeps its own defaults.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/var/practice.sqlite3")}
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", default=15)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    # Tests with threads need a file; its own for each process, since several may test at once.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"test-{os.getpid()}.sqlite3")}
else:
    limits = f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=5s"
    limits += f" -c idle_in_transaction_session_timeout={2 * STATEMENT_SECONDS}s"  # a command computes meanwhile
    limits += " -c jit=off"  # compiling a statement takes seconds, answering it takes milliseconds
    limits += " -c random_page_cost=1.1"  # an office fits into memory: rows are fetched by an index, not read through
    options = {**DATABASES["default"].get("OPTIONS", {}), "options": limits}  # DATABASE_URL may say ?sslmode=…
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts. One login view, also for the admin; no sign-up, no e-mail; the limiter is membership/limiter.py.
AUTH_USER_MODEL = "membership.User"
OPERATION_AUTHORISER = "membership.scope.authorise"
AUTHENTICATION_BACKENDS = ["membership.backend.WithAppointments"]
PASSWORD_HASHERS = ["config.hashers.Argon2"]
ORGANISATION_NAMES = env.list("ORGANISATION_NAMES", default=[])  # words no password may be made of
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "membership.passwords.Length"},
    {"NAME": "membership.passwords.NotCommon"},
    {"NAME": "membership.passwords.NotAName"},
]
ACCOUNT_ADAPTER = "membership.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "membership.forms.accounts.SignInForm",
    "change_password": "membership.forms.accounts.ChangePasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_IDLE_MINUTES_ADMINISTRATOR = 15
SESSION_HOURS = 12
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60  # SessionLimits ends a session long before; its row keeps a form over a weekend
SESSION_ENGINE = "membership.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Cookies: __Host- keeps them to this host over HTTPS; a practice office on plain HTTP does without the prefix.
_prefix = "__Host-" if SECURE_COOKIES else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
BROWSER_COOKIE_NAME = f"{_prefix}browser"
APPEARANCE_COOKIE_NAMES = {"theme": f"{_prefix}theme", "text": f"{_prefix}text"}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# Headers.
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$"]  # asked from this machine, past the web server
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": ["/csp-report/"],
    }
}

# Limits of a request (bodies without files).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Parameters that may be sent more than once; any other repeated one is refused with 400.
MANY_VALUED_PARAMETERS = {"_selected_action", "action", "back", "chosen", "columns", "group", "stage"}
FILE_UPLOAD_PERMISSIONS = 0o600

# Languages, and the office's zone.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="vi")
LANGUAGES = [("en", _("English")), ("vi", _("Vietnamese")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("OFFICE_ZONE", default="Asia/Ho_Chi_Minh")

# Static files, served by the application itself.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Not ready with less than this free on a disk the program writes to.
DISK_FREE_SHARE, DISK_FREE_BYTES = 0.05, 1 << 30

# Backups, sealed with keys drawn from SEALING_KEYS.
BACKUP_FOLDER = Path(env.str("BACKUP_FOLDER", default=str(BASE_DIR / "var" / "backups")))
guard.refuse_public(STATIC_ROOT, BACKUP_FOLDER=BACKUP_FOLDER, DATABASE_URL=Path(DATABASES["default"]["NAME"]))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "config": {"level": env.str("LOG_LEVEL", default="WARNING" if PRACTICE else "INFO")},  # INFO: every request
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # what is below has an error page, which is logged
    },
}
