"""Letting a software agent work in somebody's name."""

import os
from argparse import Namespace

from guanxi.agents.identity import Caller
from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message

TOKEN = "GUANXI_ACCESS_TOKEN"  # noqa: S105 - the name of a variable


def serve_agent(options: Namespace) -> int:
    """Answers an agent on standard input and output, in the name of the owner of the access token.

    Raises:
        Invalid: the token is missing, or the extra is not installed.
        NotAllowed: the token is not valid, or not the one of the person named by `--person`.
        Conflict: the database is not prepared.
    """
    require_prepared_database()
    secret = os.environ.get(TOKEN, "")
    if not secret:
        raise Invalid(Message("Put the access token of the person into %(name)s.", name=TOKEN))
    caller = Caller(secret)
    person = caller.context().actor
    if options.person and person.username != person.normalize_username(options.person):
        raise NotAllowed(Message("This access token is not one of %(person)s.", person=options.person))
    try:
        from guanxi.agents.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        raise Invalid(
            Message("This needs the extra for agents: pip install --require-hashes -r requirements/agents.txt")
        ) from error
    serve(caller)
    return 0
