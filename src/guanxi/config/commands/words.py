"""The words of the command line: every command with its arguments and the function that does it."""

import argparse
import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from guanxi.config.commands import (
    agents,
    backups,
    database,
    demonstration,
    files,
    finding,
    keys,
    people,
    policy,
    routes,
    serving,
    trail,
    transfer,
    verifying,
)
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.platform.calendar.clock import CHINA
from guanxi.records.exporting import FORMATS
from guanxi.records.importing.applying import ANSWERS, SKIP


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command leaves its function in `run`."""
    root = argparse.ArgumentParser(prog="guanxi", description=_("Guanxi: the customer regulation as software."))
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _serve(commands)
    _worker(commands)
    _migrate(commands)
    _person(commands)
    _demo(commands)
    _import(commands)
    _export(commands)
    _search(commands)
    _reindex(commands)
    _backup(commands)
    _restore(commands)
    _files(commands)
    _audit(commands)
    _keys(commands)
    _verify(commands)
    _policy(commands)
    _routes(commands)
    _mcp(commands)
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


def _person(commands: Commands) -> None:
    group = commands.add_parser("person", help=_("the people of this installation")).add_subparsers(
        required=True, metavar="COMMAND"
    )
    command = group.add_parser("add", help=_("enter a person, who is asked for a password"))
    command.add_argument("username", metavar="USERNAME", help=_("under which the person logs in"))
    command.add_argument("--name", required=True, help=_("the person's name"))
    command.add_argument("--role", default="system_admin", help=_("code of the role (default: %(default)s)"))
    _as(command, required=False)
    command.set_defaults(run=people.add_person)


def _import(commands: Commands) -> None:
    command = commands.add_parser("import", help=_("import an XLSX or CSV file"))
    command.add_argument("module", metavar="MODULE", help=_("record type, such as customers.customer"))
    command.add_argument("file", metavar="FILE")
    _as(command)
    command.add_argument("--duplicates", choices=ANSWERS, default=SKIP, help=_("what to do with what is known already"))
    command.add_argument(
        "--column", type=_column, action="append", default=[], metavar="HEADING=FIELD",
        help=_("which field a column fills; without any of these the columns are recognised"),
    )  # fmt: skip
    command.set_defaults(run=transfer.import_rows)


def _column(text: str) -> tuple[str, str]:
    heading, sign, field = text.rpartition("=")
    if not (heading and sign and field):
        raise argparse.ArgumentTypeError(_("“%(text)s” is not HEADING=FIELD") % {"text": text})
    return heading, field


def _export(commands: Commands) -> None:
    command = commands.add_parser("export", help=_("export all records that the person may export"))
    command.add_argument("module", metavar="MODULE", help=_("record type, such as customers.customer"))
    command.add_argument("file", metavar="FILE")
    _as(command)
    command.add_argument("--format", choices=FORMATS, default="", help=_("default: the ending of the file, or xlsx"))
    command.add_argument("--reason", default="", help=_("what the file is for; confidential records need it"))
    command.set_defaults(run=transfer.export_rows)


def _search(commands: Commands) -> None:
    command = commands.add_parser("search", help=_("find records by name, pinyin, initials, number or phone"))
    command.add_argument("query", metavar="QUERY", nargs="+")
    _as(command)
    command.add_argument("--limit", type=int, default=8, help=_("hits of each record type (default: %(default)s)"))
    command.set_defaults(run=finding.search)


def _reindex(commands: Commands) -> None:
    command = commands.add_parser("reindex", help=_("make search entries and duplicate keys anew from the records"))
    command.set_defaults(run=finding.reindex)


def _as(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument(
        "--as", dest="actor", metavar="USER", required=required, default="",
        help=_("user name of the person in whose name and with whose rights this is done"),
    )  # fmt: skip


def _demo(commands: Commands) -> None:
    command = commands.add_parser("demo", help=_("fill an empty database with the demo company"))
    command.add_argument("--customers", type=int, default=120, help=_("how many customers (default: %(default)s)"))
    command.add_argument("--seed", type=int, default=1, help=_("another number gives another company"))
    command.add_argument("--if-empty", action="store_true", help=_("do nothing when somebody works here already"))
    command.set_defaults(run=demonstration.demonstrate)


def _keys(commands: Commands) -> None:
    group = commands.add_parser("keys", help=_("the keys of this installation")).add_subparsers(
        required=True, metavar="COMMAND"
    )
    command = group.add_parser("make", help=_("make the keys that are not there yet, to be copied to other servers"))
    command.set_defaults(run=keys.make)
    command = group.add_parser("rotate", help=_("make a new key and seal every value anew with it"))
    command.set_defaults(run=keys.rotate)


def _backup(commands: Commands) -> None:
    command = commands.add_parser("backup", help=_("write database, files and keys into one sealed file"))
    command.add_argument("file", metavar="FILE", nargs="?", help=_("default: a new one in the folder of backups"))
    command.set_defaults(run=backups.back_up)
    command = commands.add_parser("backups", help=_("list the backups in their folder"))
    command.set_defaults(run=backups.list_backups)
    command = commands.add_parser("try-backup", help=_("restore a backup elsewhere, verify it, take it away again"))
    command.add_argument("file", metavar="FILE", nargs="?", help=_("default: the newest in the folder of backups"))
    command.set_defaults(run=backups.try_backup)


def _restore(commands: Commands) -> None:
    command = commands.add_parser("restore", help=_("make this installation what a backup holds"))
    command.add_argument("file", metavar="FILE")
    command.add_argument("--replace", action="store_true", help=_("back up what is here, then replace it"))
    command.add_argument("--without-keys", action="store_true", help=_("leave this installation's keys as they are"))
    command.add_argument("--deletions", metavar="FILE", help=_("delete or erase again what this list names"))
    command.set_defaults(run=backups.put_back)
    command = commands.add_parser("release", help=_("let a restored installation send again"))
    command.add_argument("--send-waiting", action="store_true", help=_("send also what was waiting in the backup"))
    command.set_defaults(run=backups.release)
    command = commands.add_parser(
        "deletions", help=_("list what was deleted for good or erased, to be kept beside the backups")
    )
    command.add_argument("--since", type=_moment, help=_("from this day on, such as 2026-11-01"))
    command.set_defaults(run=backups.list_deletions)
    command = commands.add_parser("admit")
    command.add_argument("made_at")
    command.add_argument("--deletions", default="")
    command.set_defaults(run=backups.admit)


def _files(commands: Commands) -> None:
    group = commands.add_parser("files", help=_("the kept files")).add_subparsers(required=True, metavar="COMMAND")
    command = group.add_parser("move", help=_("move them from the disk into the object store of GUANXI_FILES"))
    command.add_argument("folder", metavar="FOLDER", nargs="?", help=_("default: the one in which they lay so far"))
    command.set_defaults(run=files.move)


def _moment(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.combine(parse_date(text), datetime.time(), tzinfo=CHINA)
    except Invalid as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _audit(commands: Commands) -> None:
    group = commands.add_parser("audit", help=_("the audit trail")).add_subparsers(required=True, metavar="COMMAND")
    command = group.add_parser("verify", help=_("prove that no entry was changed, removed or put in"))
    command.add_argument("--no-anchors", action="store_true", help=_("do not compare with the anchor file"))
    command.set_defaults(run=trail.verify_trail)


def _verify(commands: Commands) -> None:
    command = commands.add_parser("verify", help=_("prove that what must be true of the data is true"))
    command.add_argument("check", metavar="CHECK", nargs="*", help=_("only these checks (default: all)"))
    command.add_argument("--list", action="store_true", help=_("tell what the checks are"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))
    command.set_defaults(run=verifying.verify)


def _policy(commands: Commands) -> None:
    group = commands.add_parser("policy", help=_("who may do what, by which numbers")).add_subparsers(
        required=True, metavar="COMMAND"
    )
    command = group.add_parser("dump", help=_("print all rights, fields and parameters in force"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))
    command.set_defaults(run=policy.dump)


def _routes(commands: Commands) -> None:
    command = commands.add_parser("routes", help=_("list the addresses of the product"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))
    command.set_defaults(run=routes.list_routes)


def _mcp(commands: Commands) -> None:
    command = commands.add_parser(
        "mcp",
        help=_("let a software agent work in somebody's name (Model Context Protocol, standard input and output)"),
    )
    command.add_argument(
        "--person", metavar="USER", default="", help=_("refuse unless the access token is this person's")
    )
    command.set_defaults(run=agents.serve_agent)
