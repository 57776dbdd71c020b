"""Django's settings, read from the environment (`environment.py`); the README lists the variables."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from kefu.config.environment import LANGUAGES as LANGUAGE_NAMES
from kefu.config.environment import Environment

env = Environment(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent

# --- where things are -------------------------------------------------------------------------------------
KEFU_HOME = env.folder("KEFU_HOME", "var")
KEFU_URL = env.url("KEFU_URL")
KEFU_RULEBOOKS = next(
    folder
    for folder in (PACKAGE / "rulebooks", PACKAGE.parent.parent / "rulebooks", PACKAGE)
    if folder.is_dir()
)
DEBUG = env.flag("KEFU_DEBUG")
SECRET_KEY = env.secret_key("KEFU_SECRET_KEY", KEFU_HOME)
ALLOWED_HOSTS = env.hosts("KEFU_ALLOWED_HOSTS", urlsplit(KEFU_URL).hostname or "localhost,127.0.0.1,[::1]")

# --- what is installed ------------------------------------------------------------------------------------
# In the order of the ladder, lowest first.
KEFU_APPS = [
    "kefu.core.ledger",
    "kefu.core.versions",
    "kefu.core.search",
    "kefu.core.files",
    "kefu.core.sheets",
    "kefu.core.jobs",
    "kefu.core.once",
    "kefu.core.effects",
    "kefu.core.clocks",
    "kefu.core.work",
    "kefu.web",
    "kefu.staff",
    "kefu.live",
    "kefu.documents",
    "kefu.approvals",
    "kefu.customers",
    "kefu.cases",
    "kefu.cases.importing",
    "kefu.duties",
    "kefu.home",
    "kefu.portal",
    "kefu.api",
    "kefu.config",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *KEFU_APPS,
]
MIDDLEWARE = [
    "kefu.web.middleware.Furnished",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell nothing about tokens
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kefu.web.middleware.ReadOnce",
    "kefu.staff.middleware.SignedIn",
    "kefu.live.middleware.Since",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kefu.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(PACKAGE.glob("*/templates")),
        "OPTIONS": {
            "environment": "kefu.web.jinja.environment",
            "context_processors": [
                "kefu.web.context.page",
                "kefu.staff.context.organisation",
                "kefu.live.context.since",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

# --- data -------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("KEFU_DATABASE", KEFU_HOME)}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account:sign_in"
LOGIN_REDIRECT_URL = "/"

# --- language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = env.choice("KEFU_LANGUAGE", LANGUAGE_NAMES, "zh-hans")
LANGUAGES = list(LANGUAGE_NAMES.items())
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env.zone("KEFU_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# --- the web ----------------------------------------------------------------------------------------------
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # sessions keep nothing (kefu.staff)
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # served from the package: nothing to collect
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/kefu/.+-[0-9A-Z]{8}\.\w+$"
CSRF_TRUSTED_ORIGINS = [KEFU_URL] if KEFU_URL else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KEFU_URL.startswith("https:") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = KEFU_URL.startswith("https:")
SESSION_COOKIE_NAME = "kefu_session"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kefu.web.pages.form_too_old"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- what customers are reached by, and who may frame their form ------------------------------------------
KEFU_DELIVER = {"phone": env.delivery("KEFU_DELIVER_PHONE"), "mail": env.delivery("KEFU_DELIVER_MAIL")}
KEFU_EMBED_ORIGINS = env.origins("KEFU_EMBED_ORIGINS")
_smtp = env.smtp("KEFU_SMTP")
EMAIL_HOST, EMAIL_PORT = _smtp.host, _smtp.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp.user, _smtp.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp.tls, _smtp.starttls
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.text("KEFU_MAIL_FROM", _smtp.user or "kefu@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
