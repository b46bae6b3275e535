"""The door for a WSGI server: `guanxi.config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
application = get_wsgi_application()
# What a page leaves behind can wait until some pages have been: collecting it took a twentieth of a page's time.
gc.set_threshold(5000, 20, 50)
