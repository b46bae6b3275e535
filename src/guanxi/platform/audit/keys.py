"""The key of the audit chain. It lies outside the database: who can change rows there cannot forge their seals."""

from guanxi.platform.keys import key


def audit_key() -> bytes:
    """The key from GUANXI_AUDIT_KEY, else one made at first use in the data folder; see `guanxi.platform.keys.key`."""
    return key("audit")
