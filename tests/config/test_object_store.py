"""An installation whose files lie in an object store: moved there, backed up, restored, verified, by whole commands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Invalid
from guanxi.platform.backups import occupancy
from tests import s3_server
from tests.config.installations import Installation, installation
from tests.config.test_backups import COMPANY
from tests.platform.files import places
from tests.s3_server import Bucket

CONTENTS = {f"attachment {number}".encode() * 5000 for number in range(3)}


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with s3_server.served() as served:
        yield served


def in_store(bucket: Bucket, prefix: str) -> dict[str, str]:
    """What an environment says to keep files in the bucket below a prefix."""
    return {
        "GUANXI_FILES": f"s3://{s3_server.BUCKET}/{prefix}",
        "GUANXI_S3_ENDPOINT": bucket.endpoint,
        "GUANXI_S3_REGION": s3_server.REGION,
        "GUANXI_S3_KEY": s3_server.KEY,
        "GUANXI_S3_SECRET": s3_server.SECRET,
    }


def on_disk(found: Installation) -> list[Path]:
    return [path for path in (found.folder / "files").rglob("*") if path.is_file() and path.name != ".held"]


def below(bucket: Bucket, prefix: str) -> set[bytes]:
    return {content for key, (content, _at) in bucket.objects.items() if key.startswith(f"{prefix}/")}


def test_moved_backed_up_and_restored(bucket: Bucket, tmp_path: Path) -> None:
    backup = tmp_path / "company.guanxi"
    with installation(tmp_path / "old") as old, installation(tmp_path / "new") as new:
        old.run("migrate")
        old.python(COMPANY)
        assert "Name the object store" in old.run("files", "move", code=1).stderr
        old.environment |= in_store(bucket, "old")
        assert "3 files were moved" in old.run("files", "move").stdout
        assert below(bucket, "old") == CONTENTS and not on_disk(old)

        old.run("backup", str(backup))
        new.environment |= in_store(bucket, "new")
        new.environment["GUANXI_BACKUP_KEY"] = (old.folder / "backup_key").read_text()
        bucket.troubles = [503] * 1000
        assert "store of files" in new.run("restore", str(backup), code=1).stderr
        assert not (new.folder / "audit_key").exists()  # nothing was put in the place of what was there
        bucket.troubles = []
        assert "checks hold" in new.run("restore", str(backup)).stdout
        assert below(bucket, "new") == below(bucket, "old") == CONTENTS and not on_disk(new)
        new.run("verify", "files.intact", "files.orphans")
        assert "✓" in new.run("try-backup", str(backup)).stdout
        assert below(bucket, "new") == CONTENTS


def test_a_setting_that_cannot_be_used_stops_the_program_at_its_start(
    bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(occupancy, "share", lambda: None)
    places.use_objects(settings, bucket.endpoint)
    require_prepared_database()
    settings.S3 = {**settings.S3, "secret": ""}
    with pytest.raises(Invalid, match="GUANXI_S3_SECRET"):
        require_prepared_database()
    assert not bucket.requests
