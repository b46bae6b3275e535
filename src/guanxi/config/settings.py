"""Settings of one installation. Everything that differs between installations comes from the environment.

`GUANXI_DATA` is the folder of the embedded database, uploaded files and keys (default: `var/` beside the source).
`GUANXI_DATABASE_URL` chooses PostgreSQL (`postgresql://user:password@host:5432/name`); without it SQLite is used.
"""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

# The system's SQLite may carry a WAL defect (before 3.51.3); the packaged one does not. Must happen before Django's
# backend imports sqlite3.
import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.utils.translation import gettext_lazy as _  # noqa: E402

SOURCE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("GUANXI_DATA", SOURCE.parents[1] / "var"))
DATA.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("GUANXI_DEBUG") == "1"
BASE_URL = os.environ.get("GUANXI_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("GUANXI_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []


def _secret_key() -> str:
    """The key from the environment, else one made on first start and kept in the data folder, readable by us only."""
    if key := os.environ.get("GUANXI_SECRET_KEY"):
        return key
    path = DATA / "secret_key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "guanxi.platform.migrating",
    "guanxi.platform.verify",
    "guanxi.platform.calendar",
    "guanxi.platform.people",
    "guanxi.platform.access",
    "guanxi.platform.audit",
    "guanxi.platform.sealing",
    "guanxi.platform.policy",
    "guanxi.platform.numbering",
    "guanxi.platform.files",
    "guanxi.platform.jobs",
    "guanxi.platform.once",
    "guanxi.platform.outgoing",
    "guanxi.platform.notices",
    "guanxi.platform.owing",
    "guanxi.platform.obligations",
    "guanxi.platform.workflow",
    "guanxi.platform.backups",
    "guanxi.records",
    "guanxi.records.approvals",
    "guanxi.web",
    "guanxi.rooms.catalog",
    "guanxi.rooms.customers",
    "guanxi.rooms.intake",
    "guanxi.rooms.dossiers",
    "guanxi.rooms.engagement",
    "guanxi.rooms.mail",
    "guanxi.rooms.service",
    "guanxi.rooms.receivables",
    "guanxi.rooms.sales",
    "guanxi.rooms.purchasing",
    "guanxi.rooms.reports",
    "guanxi.rooms.administration",
    "guanxi.rooms.compliance",
    "guanxi.rooms.integrations",
    "guanxi.rooms.processes",
    "guanxi.rooms.workbench",
]

MIDDLEWARE = [
    "guanxi.web.headers.HeadersMiddleware",
    "guanxi.web.watch.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guanxi.web.middleware.PersonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "guanxi.config.urls"
WSGI_APPLICATION = "guanxi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [SOURCE / "web" / "templates", *sorted((SOURCE / "rooms").glob("*/templates"))],
        "OPTIONS": {
            "environment": "guanxi.web.environment.environment",
            "context_processors": ["guanxi.web.environment.form_token"],
            "autoescape": True,
            "auto_reload": DEBUG,
        },
    },
]


def _sqlite() -> dict[str, object]:
    return {
        "ENGINE": "guanxi.platform.embedded",
        "NAME": os.environ.get("GUANXI_SQLITE", str(DATA / "guanxi.sqlite3")),
        "CONN_MAX_AGE": 600,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            # Writers queue at BEGIN instead of failing at the first write; nothing acknowledged is lost on power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # The log is copied into the file after 8,000 pages (32 MB) instead of 1,000: pages that many transactions
            # write, as those of indexes, are copied once.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536;"
                "PRAGMA wal_autocheckpoint=8000;"
            ),
        },
        # A file, not memory: tests then see the same locking as the product.
        "TEST": {"NAME": os.environ.get("GUANXI_TEST_SQLITE", str(DATA / "test.sqlite3"))},
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlparse(url)
    return {
        "ENGINE": "guanxi.platform.postgres",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            # A page asks for few rows: compiling a statement, or calling other processes to help, takes longer than it.
            "options": (
                "-c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
                " -c jit=off -c max_parallel_workers_per_gather=0"
            ),
            # From its third time on the server goes by what it has planned before (platform/postgres).
            "prepare_threshold": 2,
        },
    }


DATABASE_URL = os.environ.get("GUANXI_DATABASE_URL", "")
DATABASES = {"default": _postgresql(DATABASE_URL) if DATABASE_URL else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "guanxi.platform.people.signed_in.SignedIn",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "name_pinyin", "email", "phone", "number")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "guanxi.platform.people.passwords.GuessableValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
# Hashing a password takes 100 MB for a moment: a crowd at the door would otherwise take the house down.
HASHES_AT_ONCE = 2
# Proxies of ours, as addresses or networks: only through them X-Forwarded-For is believed.
TRUSTED_PROXIES = [text for text in os.environ.get("GUANXI_TRUSTED_PROXIES", "").split(",") if text.strip()]

SESSION_ENGINE = "guanxi.platform.people.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "guanxi_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "guanxi.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "report-uri": ["/csp-report"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
# All catalogues in one, made by tools/messages.py: each further one would be asked for each text of a page.
LOCALE_PATHS = [SOURCE / "messages"]
LANGUAGE_COOKIE_NAME = "guanxi_language"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# The built files are served where they lie: nothing is collected, and addresses carry a digest (web/static_files.py).
STATIC_ROOT = SOURCE / "web" / "static"
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/"
STORAGES = {
    # Nothing of ours asks for it: kept files go through platform/files.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Apps that earlier versions had: their migrations stand in older databases and backups.
FORMER_APPS = {"axes", "sessions"}

# The program itself, for what is done in a process of its own.
COMMAND = [sys.executable, "-m", "guanxi.config.cli"]
BACKUP_FOLDER = os.environ.get("GUANXI_BACKUP_FOLDER", str(DATA / "backups"))
# A second folder, on another disk or machine, into which every nightly backup is copied.
BACKUP_OFFSITE_FOLDER = os.environ.get("GUANXI_BACKUP_OFFSITE", "")

EMAIL_BACKEND = os.environ.get("GUANXI_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_HOST = os.environ.get("GUANXI_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("GUANXI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GUANXI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GUANXI_SMTP_PASSWORD", "")
# Port 465 speaks TLS from the first byte; elsewhere it is begun before the password is sent.
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = bool(EMAIL_HOST_USER) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("GUANXI_MAIL_FROM", "guanxi@localhost")

# To whom the program may speak at all (platform/outgoing); without an entry no connection leaves. The second names
# networks of the company itself, such as 10.20.0.0/16, that are reachable although they are not public.
OUTGOING = [entry for entry in os.environ.get("GUANXI_OUTGOING", "").split(",") if entry.strip()]
OUTGOING_NETWORKS = [
    entry.strip() for entry in os.environ.get("GUANXI_OUTGOING_NETWORKS", "").split(",") if entry.strip()
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_UPLOAD_BYTES = int(os.environ.get("GUANXI_MAX_UPLOAD_MB", "20")) * 1024 * 1024
# Where kept files lie: the folder `files` of GUANXI_DATA, or "s3://bucket/prefix" for an S3-compatible object store.
FILES = os.environ.get("GUANXI_FILES", "")
S3 = {
    "endpoint": os.environ.get("GUANXI_S3_ENDPOINT", ""),
    "region": os.environ.get("GUANXI_S3_REGION", "us-east-1"),
    "key": os.environ.get("GUANXI_S3_KEY", ""),
    "secret": os.environ.get("GUANXI_S3_SECRET", ""),
    # Where the bucket stands: in the path of an address, or in its host.
    "style": os.environ.get("GUANXI_S3_STYLE", "path"),
    # A file with the certificate of the authority that vouches for the endpoint, where it is the company's own.
    "ca": os.environ.get("GUANXI_S3_CA", ""),
}
# The virus scanner clamd, "host:port" or the path of its socket; with it no file is taken unscanned.
CLAMD = os.environ.get("GUANXI_CLAMD", "")

#: A TrueType file whose font stands in PDF documents and is embedded in them; without one they name Song.
PDF_FONT = os.environ.get("GUANXI_PDF_FONT", "")

# Figures for Prometheus are counted only where somebody may ask for them: with this token, or from these networks.
METRICS_TOKEN = os.environ.get("GUANXI_METRICS_TOKEN", "")
METRICS_ADDRESSES = [text for text in os.environ.get("GUANXI_METRICS_ADDRESSES", "").split(",") if text.strip()]
METRICS = bool(METRICS_TOKEN or METRICS_ADDRESSES)
# With less room on the disk of the data folder than this the installation is not ready (/readyz).
LEAST_FREE_MEGABYTES = int(os.environ.get("GUANXI_LEAST_FREE_MB", "200"))

LOG_FORMAT = os.environ.get("GUANXI_LOG_FORMAT", "plain")  # or "json": one object a line, with a line for each request
_LOG_REQUESTS = os.environ.get("GUANXI_LOG_REQUESTS", "1" if LOG_FORMAT == "json" else "0") == "1"
_LOG_FORMATTER = {"plain": "PlainFormatter", "json": "JsonFormatter"}[LOG_FORMAT]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": {"()": f"guanxi.platform.monitoring.logs.{_LOG_FORMATTER}", "secrets": (SECRET_KEY,)}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GUANXI_LOG_LEVEL", "WARNING")},
    "loggers": {"guanxi.request": {"level": "INFO" if _LOG_REQUESTS else "WARNING"}},
}
