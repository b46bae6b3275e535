"""Each key is for one purpose; all can be made at once, and a backup takes along keys and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guanxi.platform import keys


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA = tmp_path
    for purpose in ("secret", *keys.PURPOSES):
        monkeypatch.delenv(f"GUANXI_{purpose.upper()}_KEY", raising=False)
    return tmp_path


def test_all_are_made_at_once_and_none_is_made_anew(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = keys.key("audit")
    monkeypatch.setenv("GUANXI_BLIND_KEY", "b" * 40)
    assert set(keys.make_all()) == set(keys.PURPOSES) - {"audit", "blind"}
    assert keys.make_all() == []
    assert keys.key("audit") == audit
    made = {path.name: path.stat().st_mode & 0o777 for path in own_folder.iterdir()}
    assert made == {f"{purpose}_key": 0o600 for purpose in keys.PURPOSES if purpose != "blind"}
    assert len({keys.key(purpose) for purpose in keys.PURPOSES}) == len(keys.PURPOSES)


def test_every_purpose_is_known_beforehand() -> None:
    with pytest.raises(AssertionError):
        keys.key("adhoc")


def test_a_backup_takes_our_keys_and_no_other_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_S3_KEY", "the object store's")
    monkeypatch.setenv("GUANXI_FIELD_KEY", "f" * 40)
    made = keys.key("audit")
    assert keys.all_keys() == {"audit": made, "field": b"f" * 40}
