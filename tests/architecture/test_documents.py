"""What the documents point to is there."""

import re
from pathlib import Path

from tests.architecture.tree import ROOT, name_of, repository_files

LINK = re.compile(r"\]\(([^)#\s]+)")


def dead_links(document: Path) -> list[str]:
    """The links of a document to files that do not exist."""
    links = LINK.findall(document.read_text("utf-8"))
    return [link for link in links if "://" not in link and not (document.parent / link).exists()]


def test_links_lead_somewhere(tmp_path):
    sample = tmp_path / "page.md"
    sample.write_text("[here](page.md) [web](https://example.org/) [gone](gone.md#part)")
    assert dead_links(sample) == ["gone.md"]
    found = [
        f"{name_of(path)}: {link}" for path in repository_files() if path.suffix == ".md" for link in dead_links(path)
    ]
    assert not found, "\n".join(["", *found])


def test_every_decision_is_listed_once_and_has_its_three_parts():
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert len(set(numbers)) == len(numbers), "a number names one decision"
    listed = LINK.findall((folder / "README.md").read_text())
    assert listed == [page.name for page in pages]
    for page in pages:
        headings = [line for line in page.read_text().splitlines() if line.startswith("## ")]
        assert headings == ["## Context", "## Decision", "## Consequences"], page.name
