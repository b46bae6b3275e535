"""The repository stands alone: no host of a package registry, no path of one machine, nothing outside it."""

import re

from tests.architecture.tree import ROOT, name_of, repository_files, text_of

# Put together from parts so that this file does not find itself.
FOREIGN = {
    "a registry's host": re.compile(
        "|".join((r"py" + r"pi\.org", r"python" + r"hosted\.org", r"npm" + r"js\.(?:org|com)", r"yarn" + r"pkg\.com"))
        + r"|https?://[^/\s\"']*(?:registry|mirror|artifactory|nexus|simple/)",
        re.IGNORECASE,
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:home|Users|root|" + r"work)/\w"),
    "the folder beside the repository": re.compile(r"\.\./" + r"shared"),
}
# The continuous integration's entry alone knows where the reference data for tests lies on its machine.
MAY_NAME_SHARED = ".ci/run"


def foreign_findings(text: str) -> list[str]:
    """What a text names that lies outside the repository."""
    return [name for name, pattern in FOREIGN.items() if pattern.search(text)]


def test_nothing_points_outside():
    assert foreign_findings("--index-url https://reg" + "istry.example/simple") == ["a registry's host"]
    assert foreign_findings("open('/ho" + "me/me/x')") == ["a path of one machine"]
    assert foreign_findings("read ../sha" + "red/x") == ["the folder beside the repository"]
    assert foreign_findings("https://www.w3.org/2000/svg and /var/lib") == []
    found = {}
    for path in repository_files():
        findings = foreign_findings(text_of(path) or "")
        if name_of(path) == MAY_NAME_SHARED:
            findings = [finding for finding in findings if finding != "the folder beside the repository"]
        if findings:
            found[name_of(path)] = findings
    assert found == {}


def test_locked_requirements_carry_hashes_and_no_host():
    for name in ("core", "agents", "dev", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
        assert entries, name
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == [], name
        assert "://" not in text, name


def test_locked_front_end_packages_carry_hashes_and_no_host():
    text = (ROOT / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text
