"""Programs that open strangers' files, each in a process of its own under limits (see `limits`)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

_LIMITS = Path(__file__).with_name("limits.py")


class TooLong(Exception):  # noqa: N818 - the file's fault, told to the person by who asked
    """The program used up its time."""


class TooMuchMemory(Exception):  # noqa: N818
    """The program wanted more memory than it was given."""


class Failed(Exception):  # noqa: N818
    """The program ended in an error."""


def run(program: Path, order: Any, answer: IO[bytes], *, memory: int, seconds: int, written: int) -> None:
    """Run a program of ours on `order` (JSON); what it prints goes to the file `answer`.

    `memory` and `written` (the largest file it may write) in bytes, `seconds` of processor time; it may take four times
    as long by the clock. Raises TooLong, TooMuchMemory or Failed.
    """
    limits = {"memory": memory, "seconds": seconds, "written": written}
    # -I: neither the environment nor the working folder decides what is imported.
    command = [sys.executable, "-I", "-X", "utf8", str(_LIMITS), json.dumps(limits), str(program), json.dumps(order)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program; nothing of the command is what somebody typed
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=seconds * 4,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLong from None
    if ended.returncode in (-24, -9):  # SIGXCPU, then SIGKILL
        raise TooLong
    if ended.returncode == -6:  # an allocator gives up by aborting
        raise TooMuchMemory
    if ended.returncode != 0:
        raise Failed
