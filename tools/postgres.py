"""Runs a command beside a private PostgreSQL: `python tools/postgres.py -- pytest -n auto`.

The cluster lives in a temporary folder on a free port of the loopback address and is stopped and removed whatever
happens. The command finds it through `GUANXI_DATABASE_URL`. Durability is off: nothing here outlives the command.
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}
USER = "guanxi"
DATABASE = "guanxi"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, of the newest version installed.

    Raises:
        SystemExit: when it is not on this machine.
    """
    if found := shutil.which(name):
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    if not versions:
        sys.exit(f"PostgreSQL's {name} is not on this machine: run tools/ensure_postgres.sh")
    return str(versions[-1])


def unprivileged() -> list[str]:
    """What to put before a command so that it does not run as root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    return ["runuser", "-u", name, "--"]


def free_port() -> int:
    """A port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def quietly(command: list[str], folder: Path) -> None:
    """Runs a command of PostgreSQL; shows what it printed only when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        log = folder / "server.log"
        sys.exit(f"{done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")


def create_cluster(folder: Path, password: str) -> None:
    """Lays out an empty cluster below `folder` that only the holder of `password` can use."""
    if os.geteuid() == 0:
        shutil.chown(folder, unprivileged()[2])
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644 if os.geteuid() == 0 else 0o600)
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
    initdb = [program("initdb"), "-D", str(folder / "data"), "-U", USER, f"--pwfile={secret}", *options]
    quietly([*unprivileged(), *initdb], folder)
    secret.unlink()


def start(folder: Path, port: int) -> None:
    """Starts the cluster of `folder` on `port` and returns when it answers."""
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    pg_ctl = [program("pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "server.log"), "-w", "-t", "60"]
    quietly([*unprivileged(), *pg_ctl, "-o", f"-p {port} {options}", "start"], folder)


def stop(folder: Path) -> None:
    """Stops the cluster of `folder` at once, dropping every connection."""
    command = [*unprivileged(), program("pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster with one empty database; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="guanxi-postgres-"))
    password = secrets.token_urlsafe(18)
    port = free_port()
    try:
        create_cluster(folder, password)
        start(folder, port)
        yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
    finally:
        stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def create_database(url: str) -> None:
    """Creates the database that the URL names; `initdb` made only the maintenance ones."""
    import psycopg  # the installer's Python may run this file's other functions without the packages

    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{DATABASE}"')


def main(arguments: list[str]) -> int:
    """Runs the command of the arguments beside a cluster and returns its exit code."""
    parser = argparse.ArgumentParser(description="Run a command beside a private PostgreSQL.")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND ARGUMENT…")
    command = [part for part in parser.parse_args(arguments).command if part != "--"]
    if not command:
        parser.error("a command is missing")
    # A terminated run must still stop its cluster: SystemExit unwinds through the context manager.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as url:
        create_database(url)
        return subprocess.run(command, env={**os.environ, "GUANXI_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
