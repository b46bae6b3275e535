"""PostgreSQL's own programs: a dump is made and read by pg_dump and pg_restore, which know every version's details."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message

#: Where distributions put the programs of each version, newest last.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


def program(name: str, server_major: int) -> str:
    """The path of pg_dump or pg_restore of the server's major version or a newer one.

    Raises:
        Conflict: there is none on this machine.
    """
    found = [str(path) for folder in _FOLDERS for path in Path("/").glob(f"{folder[1:]}/{name}")]
    candidates = [path for path in (shutil.which(name), *sorted(found)) if path]
    suitable = {path: major for path in candidates if (major := _major(path)) >= server_major}
    if not suitable:
        raise Conflict(
            Message(
                "%(name)s of PostgreSQL %(major)s or newer is not on this machine. Install the client programs.",
                name=name,
                major=server_major,
            )
        )
    return min(suitable, key=lambda path: suitable[path])


def server_major(connection: Any) -> int:
    """The major version of the server that a Django connection to PostgreSQL leads to."""
    version: int = connection.pg_version
    return version // 10000


def _major(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    words = [word for word in told.stdout.split() if word[0].isdigit()]
    return int(words[0].split(".")[0]) if words else 0


def call(command: Sequence[str], database: Mapping[str, Any]) -> None:
    """Run one of the programs on the database of these Django settings; its password never stands in its arguments.

    Raises:
        Conflict: it failed; the message holds its last line.
    """
    environment = {**os.environ, "PGPASSWORD": str(database.get("PASSWORD") or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Conflict(Message("%(program)s failed: %(said)s", program=Path(command[0]).name, said=said))


def place(database: Mapping[str, Any]) -> list[str]:
    """The arguments that lead a program to the database of these Django settings."""
    named = {"--host": "HOST", "--port": "PORT", "--username": "USER", "--dbname": "NAME"}
    return [f"{option}={database[name]}" for option, name in named.items() if database.get(name)]
