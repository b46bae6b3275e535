"""The examples of the guide run as they stand, against a live server, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.platform.calendar import now
from guanxi.records.standard import create
from tests.architecture.tree import ROOT
from tests.makers import make
from tests.people import build_world

GUIDE = ROOT / "docs" / "api"


def examples(language: str, kind: str) -> str:
    """All blocks of one kind, in their order: the later ones build upon the earlier."""
    text = (GUIDE / language / "README.md").read_text("utf-8")
    return "\n".join(re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_examples_of_the_guide_run(transactional_db: None, live_server, language: str, tmp_path: Path) -> None:
    world = build_world()
    make(world.system, "customers.customer", world["li_wei"], name="蜀都酒行")
    ctx = world.ctx("li_wei", now=now())
    create(ctx, "access.accesstoken", name="Guide", expires_on=str(ctx.today), read_only="no")
    environment = {**os.environ, "GUANXI": live_server.url, "TOKEN": ctx.told[0].secret, "NO_PROXY": "*"}
    shell = examples(language, "bash")
    assert shell.count("curl") >= 4
    program = tmp_path / "example.py"
    program.write_text(examples(language, "python"), "utf-8")
    for command in (["bash", "-euc", shell], [sys.executable, str(program)]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def test_both_languages_show_the_same_examples() -> None:
    for kind in ("bash", "python"):
        zh, en = (re.sub(r"#.*", "", examples(language, kind)) for language in ("zh", "en"))
        assert zh == en
