"""Every setting, read from the environment, with what it means. docs/settings.md lists them; a test compares."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.getenv("VAR_DIR", ROOT / "var")).resolve()  # everything the product writes
KEYS = Path(os.getenv("KEYS_DIR", VAR / "keys")).resolve()  # key files, one directory a process; outside backups
VISITS = Path(os.getenv("VISITS_DIR", VAR / "visits")).resolve()  # one journal file a day

DEMO = os.getenv("DEMO", "") == "1"  # a demo shows one-time codes on the page and may be reset
DEBUG = os.getenv("DEBUG", "") == "1"  # refused outside the demo
HTTPS = os.getenv("HTTPS", "0" if DEMO else "1") == "1"  # __Host- cookies, HSTS
PUBLIC_URL = os.getenv("PUBLIC_URL", f"http://127.0.0.1:{os.getenv('PORT', '8000')}").rstrip("/")  # printed on posters
SECRET_KEY = os.getenv("SECRET_KEY", "")  # filled below from KEYS/desk/secret when empty
ALLOWED_HOSTS = os.getenv("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

COUNTY = os.getenv("COUNTY", "140428")  # the division code of the county this installation serves
COUNTY_NAME = os.getenv("COUNTY_NAME", "长子县")
CIPHER = os.getenv("CIPHER", "AES")  # AES or SM4
RETENTION_DAYS = int(os.getenv("RETENTION_DAYS", "14"))  # of visits; 28 is the ceiling (trail/keys/rules.py)

GATE_URL = os.getenv("GATE_URL", "")  # where the desk reaches the gate: http://host:port or unix:/path
CODE_SENDER = os.getenv("CODE_SENDER", "")  # dotted path to `(phone, code)`; the demo shows codes on the page instead
KEEPER_SOCKET = os.getenv("KEEPER_SOCKET", str(VAR / "keeper.sock"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "zhuanban.base.audit",
    "zhuanban.base.accounts",
    "zhuanban.base.ui",
    "zhuanban.registry.places",
    "zhuanban.registry.people",
    "zhuanban.registry.codes",
    "zhuanban.trail.keys",
    "zhuanban.trail.status",
    "zhuanban.trail.visits",
    "zhuanban.trail.checks",
    "zhuanban.trail.alerts",
    "zhuanban.trail.gate",
    "zhuanban.trail.tracing",
    "zhuanban.modules.venues",
    "zhuanban.portal",
    "zhuanban.door",
    "zhuanban.desk",
    "zhuanban.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhuanban.base.ui.http.SpokenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhuanban.base.ui.http.RefusalMiddleware",
    "zhuanban.base.accounts.http.WhoAsks",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zhuanban.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "zhuanban.base.ui.http.shell",
            ],
            "string_if_invalid": "",
        },
    }
]

# --- who signs in -------------------------------------------------------------------------------------------------
DOOR_OF = "zhuanban.registry.places.queries.door"  # how accounts, which know no places, find a device's door
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
VIEWERS = [  # each is `(request) -> By | None`; the first that knows the request answers
    "zhuanban.base.accounts.queries.staff_of",
    "zhuanban.base.accounts.queries.device_of",
    "zhuanban.registry.people.queries.resident_of",
]
PASSWORD_HASHERS = ["zhuanban.base.accounts.hashers.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhuanban.base.accounts.http.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "zhuanban.base.accounts.http.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
OTP_TOTP_ISSUER = f"专班·{COUNTY_NAME}"

SESSION_COOKIE_NAME = "__Host-desk" if HTTPS else "desk"
SESSION_COOKIE_AGE = 8 * 3600  # absolute; the idle limit is in accounts/rules.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zhuanban.base.ui.http.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what the browser may do --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS and os.getenv("SSL_REDIRECT", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- where rows live ----------------------------------------------------------------------------------------------
DATABASE_URL = os.getenv("DATABASE_URL", "")  # postgresql://owner@host/name; empty is SQLite under VAR
APP_ROLE = "zhuanban_app"  # the role that every process but the migration runs as, so that row-level security binds it


def _sqlite() -> dict[str, Any]:
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR / "db.sqlite3"), "OPTIONS": options}


def _postgresql(url: str, *, role: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = {"options": f"-c role={role}"} if role else {}
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
    }


DATABASES: dict[str, dict[str, Any]] = {"default": _sqlite()}
if DATABASE_URL:
    DATABASES = {
        "default": _postgresql(DATABASE_URL, role=APP_ROLE),
        "owner": _postgresql(os.getenv("OWNER_DATABASE_URL", DATABASE_URL), role=""),  # migrations only
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- language, time, files ----------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "zhuanban" / "locale"]
LANGUAGE_COOKIE_NAME = "lang"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.getenv("LOG_LEVEL", "WARNING")},
}

if not SECRET_KEY and (KEYS / "desk" / "secret").exists():
    SECRET_KEY = (KEYS / "desk" / "secret").read_text().strip()
