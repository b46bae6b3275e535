"""The door for a WSGI server: `guanxi.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from guanxi.config.memory import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
application = get_wsgi_application()
collect_seldom()
