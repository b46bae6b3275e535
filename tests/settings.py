"""The product's settings with one more room, so that tests can see what a new record type costs."""

from guanxi.config.settings import *  # noqa: F403
from guanxi.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.room"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Argon2 is meant to be slow; what is tested about passwords does not depend on it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The one other system that tests may name as a recipient; nothing is really sent there.
OUTGOING = ["hooks.example.com"]
