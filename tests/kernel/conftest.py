from __future__ import annotations

from collections.abc import Iterator

import pytest

from guanxi.kernel.messages import set_translator


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The kernel's texts as they are written: whoever started the framework has given it a translator."""
    former = set_translator(None)
    yield
    set_translator(former)
