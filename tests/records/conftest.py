from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared as they are written; that they are all translated is tests/architecture's to show."""
    with override("en"):
        yield
