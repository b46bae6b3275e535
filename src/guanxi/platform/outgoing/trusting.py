"""What every connection to the outside shares, whatever its protocol: whom to believe, and how it fails."""

from __future__ import annotations

import ssl

import certifi


class Unreachable(Exception):  # noqa: N818 - a circumstance, which may pass
    """The other side did not answer, not in time, or not in a way that can be read. Trying again later may help."""


def trust() -> ssl.SSLContext:
    """Which certificates are believed: the public ones, whatever the environment says."""
    return ssl.create_default_context(cafile=certifi.where())
