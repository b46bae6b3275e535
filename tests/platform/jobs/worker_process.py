"""A worker of its own process for the crash tests: `python -m tests.platform.jobs.worker_process`."""

import threading
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from guanxi.platform.jobs.progress import Progress  # noqa: E402
from guanxi.platform.jobs.registry import job  # noqa: E402
from guanxi.platform.jobs.worker import run_worker, stop_on_signals  # noqa: E402


@job("test.wait", title="Wait", attempts=3)
def wait(progress: Progress, folder: str) -> dict[str, Any]:
    """Tells by a file that it runs, then waits for a file "go"."""
    progress.step(1, 2)
    (Path(folder) / f"running-{progress.attempt}").touch()
    while not (Path(folder) / "go").exists():
        time.sleep(0.02)
    return {"attempt": progress.attempt}


if __name__ == "__main__":
    stop = threading.Event()
    stop_on_signals(stop)
    run_worker(stop, idle_seconds=0.05)
