"""The address of the interface; what lies below it is worked out at the first call."""

from django.urls import re_path

from guanxi.api import door

urlpatterns = [re_path(r"^(?P<rest>.*)$", door.enter, name="api")]
