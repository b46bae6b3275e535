"""What a process that runs for long asks of the garbage collector: to come seldom, and to look at little."""

import gc

# What a page or a few rows of a file leave behind can wait: collecting it took a twentieth of a page's time.
_NEW_OBJECTS, _YOUNG_ROUNDS, _OLDER_ROUNDS = 5000, 20, 50


def collect_seldom() -> None:
    """Lets the garbage collector come less often."""
    gc.set_threshold(_NEW_OBJECTS, _YOUNG_ROUNDS, _OLDER_ROUNDS)


def leave_loaded_alone() -> None:
    """The same, and spares it what is loaded by now: it would look through all of the program again and again.

    Looking would also give each process a copy of its own of memory that several share.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
