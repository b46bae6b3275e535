"""An installation of its own for the tests in the browser: a fresh folder, the demo company, a server with a worker.

`GUANXI_E2E_FOUNDED` may name the data folder of a demo founded before; it is then copied instead of founding one anew,
which saves half a minute while one works on a test.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-m", "guanxi.config.cli"]
PASSWORD = "guanxi-demo-2026"
START_SECONDS = 60
#: Enough for a long list, few enough to be ready in a quarter of a minute.
CUSTOMERS = 36


@dataclass(frozen=True)
class Installation:
    """Where the server answers, and the folder of its database and files."""

    url: str
    folder: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(f"{url}/login/", timeout=5).read()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """The demo company, served until the end of the block; what the server says goes to `server.log` of the folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
    environment = {**inherited, "GUANXI_DATA": str(folder), "LC_ALL": "C.UTF-8"}
    if founded := os.environ.get("GUANXI_E2E_FOUNDED"):
        shutil.copytree(founded, folder, dirs_exist_ok=True)
    _run([*COMMAND, "migrate"], environment)
    if not founded:
        _run([*COMMAND, "demo", "--customers", str(CUSTOMERS), "--seed", "7"], environment)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    # Security keys are bound to a name; everything else may as well come by the number.
    environment["GUANXI_BASE_URL"] = f"http://localhost:{port}"
    with (folder / "server.log").open("wb") as log:
        words = [*COMMAND, "serve", "--with-worker", "--port", str(port), "--workers", "1"]
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(url, server)
            yield Installation(url, folder)
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
