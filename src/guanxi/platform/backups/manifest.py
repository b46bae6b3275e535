"""What a backup says of itself: which version made it when, from which database, and the digest of everything in it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

#: Names of the members besides the files.
MANIFEST = "manifest.json"
DAMAGED = "damaged.json"
ANCHORS = "anchors"
KEYS = "keys/"
FILES = "files/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


@dataclass(frozen=True)
class Manifest:
    """The table of contents of one backup.

    `made_at`: the one moment at which the database and its files were as they are in here; `vendor`: "sqlite" or
    "postgresql"; `migrations`: [app, name] of what the database had seen; `counts`: rows by table; `audit_seq` and
    `audit_hash`: head of the audit chain (0 and "" before its first link); `members`: SHA-256 by name of member.
    """

    made_at: datetime
    version: str
    vendor: str
    migrations: list[list[str]]
    counts: dict[str, int]
    audit_seq: int
    audit_hash: str
    members: dict[str, str]

    @property
    def database(self) -> str:
        """The member that holds the database."""
        return DATABASES[self.vendor]

    def dumped(self) -> bytes:
        """As it is stored."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, ensure_ascii=False).encode()

    @classmethod
    def loaded(cls, content: bytes) -> "Manifest":
        """Read what `dumped` wrote. Raises Invalid for anything else."""
        try:
            given: dict[str, Any] = json.loads(content)
            found = cls(**{**given, "made_at": datetime.fromisoformat(given["made_at"])})
        except (ValueError, TypeError, KeyError):
            found = None
        if found is None or found.vendor not in DATABASES:
            raise Invalid(Message("The table of contents of this backup cannot be read by this version."))
        return found
