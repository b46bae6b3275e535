"""A running server group (server, its answering processes, worker) and its violent end."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.config.installations import COMMAND, Installation
from tests.config.test_serving import alive, descendants


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Group:
    """`guanxi serve --with-worker` of an installation; begins and dies as often as asked."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.port = free_port()
        self.log = Path(installation.folder) / "server.log"
        self.starts: list[float] = []

    def start(self) -> None:
        """Begins, and returns when it answers; how long that took is kept in `starts`."""
        words = [*COMMAND, "serve", "--with-worker", "--workers", "2", "--port", str(self.port)]
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, env=self.installation.environment, stdout=log, stderr=subprocess.STDOUT
            )
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() - begun < 120, self.log.read_text()[-3000:]
            time.sleep(0.02)
        self.starts.append(time.monotonic() - begun)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/login/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL for every process of the group at once: nobody gets to tidy up."""
        group = {self.process.pid} | descendants(self.process.pid)
        for pid in group:
            os.kill(pid, signal.SIGSTOP)
        for pid in group:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        end = time.monotonic() + 30
        while alive(group):
            assert time.monotonic() < end, "the group outlives SIGKILL"
            time.sleep(0.01)
