"""Founds the demo company in an empty installation: a program of its own, so that no test process holds its database.

Called as `GUANXI_DATA=folder python -m tests.e2e.founding`.
"""

from __future__ import annotations

import os

import django

#: Enough for two pages of customers, few enough to be ready in a quarter of a minute.
CUSTOMERS = 36


def main() -> None:
    """Build the demo; what it says goes to standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    django.setup()
    from guanxi import demo  # models exist only after setup

    demo.build(customers=CUSTOMERS, seed=7, tell=print)


if __name__ == "__main__":
    main()
