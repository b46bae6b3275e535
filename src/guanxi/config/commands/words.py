"""The words of the command line: every command with its arguments and the function that does it."""

import argparse
from typing import TypeAlias

from django.utils.translation import gettext as _

from guanxi.config.commands import database, routes, serving, trail


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command leaves its function in `run`."""
    root = argparse.ArgumentParser(prog="guanxi", description=_("Guanxi: the customer regulation as software."))
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _serve(commands)
    _worker(commands)
    _migrate(commands)
    _audit(commands)
    _routes(commands)
    return root


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _serve(commands: Commands) -> None:
    command = commands.add_parser("serve", help=_("serve the pages"))
    command.add_argument("--host", default="127.0.0.1", help=_("address to listen on (default: %(default)s)"))
    command.add_argument("--port", type=int, default=8000, help=_("port to listen on (default: %(default)s)"))
    command.add_argument("--workers", type=int, help=_("processes that answer (default: one for each core)"))
    command.add_argument("--with-worker", action="store_true", help=_("also run a worker for jobs and schedules"))
    _ends_with_parent(command)
    command.set_defaults(run=serving.serve)


def _worker(commands: Commands) -> None:
    command = commands.add_parser("worker", help=_("run jobs, schedules and the outbox"))
    _ends_with_parent(command)
    command.set_defaults(run=serving.work)


def _ends_with_parent(command: argparse.ArgumentParser) -> None:
    """For processes that `serve --with-worker` starts: they end when the pipe from their parent closes."""
    command.add_argument("--ends-with-parent", action="store_true", help=argparse.SUPPRESS)


def _migrate(commands: Commands) -> None:
    command = commands.add_parser("migrate", help=_("bring the database to the state this version needs"))
    command.set_defaults(run=database.migrate)


def _audit(commands: Commands) -> None:
    group = commands.add_parser("audit", help=_("the audit trail")).add_subparsers(required=True, metavar="COMMAND")
    command = group.add_parser("verify", help=_("prove that no entry was changed, removed or put in"))
    command.add_argument("--no-anchors", action="store_true", help=_("do not compare with the anchor file"))
    command.set_defaults(run=trail.verify_trail)


def _routes(commands: Commands) -> None:
    command = commands.add_parser("routes", help=_("list the addresses of the product"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))
    command.set_defaults(run=routes.list_routes)
