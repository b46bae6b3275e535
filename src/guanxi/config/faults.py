"""What is answered when a request fails before any view of ours sees it: a page, or JSON where a program asks."""

from django.http import HttpRequest, HttpResponse

from guanxi.api import problems
from guanxi.kernel.messages import Message
from guanxi.web import errors

INTERFACE = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be understood, such as one for a host that is not ours."""
    if request.path.startswith(INTERFACE):
        return problems.answer(problems.Unreadable(Message("This call cannot be read.")))
    return errors.bad_request(request, exception)
