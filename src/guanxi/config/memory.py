"""What a process that runs for long asks of the garbage collector: to come seldom, and to look at little."""

import gc

#: New objects after which the collector looks for garbage. What a page leaves behind can wait until some pages have
#: been: collecting it took a twentieth of a page's time. A job holds all that belongs to some hundred rows at once;
#: looked at before they are written, none of it would be garbage yet.
OF_PAGES, OF_JOBS = 5000, 50_000


def collect_seldom(new_objects: int = OF_PAGES) -> None:
    """Lets the garbage collector come less often."""
    gc.set_threshold(new_objects, 20, 50)


def leave_loaded_alone(new_objects: int = OF_PAGES) -> None:
    """The same, and spares it what is loaded by now: it would look through all of the program again and again.

    Looking would also give each process a copy of its own of memory that several share.
    """
    gc.collect()
    gc.freeze()
    collect_seldom(new_objects)
