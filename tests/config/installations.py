"""Installations of their own for tests that run the program as a whole: a data folder, and on PostgreSQL a database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

COMMAND = [sys.executable, "-m", "guanxi.config.cli"]
SERVER = os.environ.get("GUANXI_DATABASE_URL", "")


@dataclass
class Installation:
    """Where an installation's files lie, and the surroundings in which its commands run."""

    folder: Path
    environment: dict[str, str] = field(repr=False)

    def run(self, *words: str, code: int | None = 0, **more: str) -> subprocess.CompletedProcess[str]:
        """One command; it must end with that exit code (None: with any)."""
        done = subprocess.run(
            [*COMMAND, *words], env={**self.environment, **more}, capture_output=True, text=True, check=False
        )
        assert code is None or done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def python(self, program: str) -> str:
        """What a few lines of Python print, with Django set up in this installation."""
        start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'guanxi.config.settings'; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + program], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def installation(folder: Path, *, like: Installation | None = None) -> Iterator[Installation]:
    """An installation that nothing was done to yet: an empty folder, and a database where the suite has a server.

    `like`: a copy of another one, at which nobody works.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if like is not None:
        shutil.copytree(like.folder, folder, dirs_exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
    environment = {**inherited, "GUANXI_DATA": str(folder), "LC_ALL": "en_US.UTF-8", "LANG": "en_US.UTF-8"}
    if not SERVER:
        yield Installation(folder, environment)
        return
    name = f"test_installation_{uuid4().hex[:10]}"
    with psycopg.connect(urlunsplit(urlsplit(SERVER)._replace(path="/postgres")), autocommit=True) as maintenance:
        origin = urlsplit(like.environment["GUANXI_DATABASE_URL"]).path[1:] if like is not None else "template1"
        maintenance.execute(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')
        try:
            url = urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
            yield Installation(folder, {**environment, "GUANXI_DATABASE_URL": url})
        finally:
            maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
