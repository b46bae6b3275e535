"""The command `guanxi`: reads the words of the command line and hands over to `guanxi.config.commands`."""

import os
import signal
import sys
from collections.abc import Sequence

import django
from django.utils import translation

from guanxi.kernel.errors import Invalid, Problem


def language() -> str:
    """The language of the terminal: English where its locale says so, else Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh-hans"


def lines_of(problem: Problem) -> list[str]:
    """What a problem says: everything that is wrong with the input, or its one message."""
    if isinstance(problem, Invalid):
        return [str(message) for messages in problem.errors.values() for message in messages]
    return [str(problem)]


def _unread() -> int:
    """Whoever reads our output has seen enough, as in `guanxi policy dump | head`: no defect, and nothing to say."""
    # What is still buffered would be written at the end of the process, and fail once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 a problem (said on standard error), 2 misspelt."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    django.setup()
    from guanxi.config.commands.words import parser  # the commands use models, which exist only after setup

    with translation.override(language()):
        options = parser().parse_args(arguments)
        try:
            code = int(options.run(options))
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            return _unread()
        except Problem as problem:
            for line in lines_of(problem):
                print(line, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
