"""The door for a WSGI server: `guanxi.config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
application = get_wsgi_application()
# What is loaded by now stays: the collector of garbage need not go through it again and again, at a tenth of a second
# each time; and what a page leaves behind can wait until some pages have been.
gc.freeze()
gc.set_threshold(5000, 20, 50)
