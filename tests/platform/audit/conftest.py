import pytest


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path, monkeypatch):
    """Key and anchors of each test in a folder of its own."""
    settings.DATA = tmp_path
    monkeypatch.delenv("GUANXI_AUDIT_KEY", raising=False)
