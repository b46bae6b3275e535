"""The address of the interface; what lies below it is worked out at the first call."""

from django.urls import re_path

from guanxi.api import door

#: Whatever follows, a line break too: what is not known there is answered there.
urlpatterns = [re_path(r"^(?P<rest>(?s:.*))\Z", door.enter, name="api")]
