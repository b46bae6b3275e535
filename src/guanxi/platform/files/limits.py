"""Runs another program under limits: `python -I limits.py LIMITS PROGRAM ORDER`.

What takes apart files that strangers made runs in a process of its own. This one gives up memory, processor time, the
size of what it writes and most open files before the program is loaded, and imports nothing of the product.
"""

import json
import resource
import runpy
import sys


def limit_myself(memory: int, seconds: int, written: int) -> None:
    """Give up what the program will not need; there is no way back. `memory` and `written` in bytes."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


if __name__ == "__main__":
    limits, program, order = sys.argv[1:]
    limit_myself(**json.loads(limits))
    sys.argv = [program, order]
    runpy.run_path(program, run_name="__main__")
