"""The repository as the architecture tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "guanxi"


def repository_files() -> list[Path]:
    """Every file that is, or is about to be, committed: what git tracks or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted(path for name in set(listed.split("\0")) if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """The text of a file, None when it is not text."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def name_of(path: Path) -> str:
    """How a finding names a file: its path below the repository."""
    return path.relative_to(ROOT).as_posix()


def python_files(folder: Path = SOURCE) -> list[Path]:
    """Every Python source below a folder."""
    return sorted(folder.rglob("*.py"))


def templates() -> list[Path]:
    """Every page template of the product."""
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file())


def dotted(node: ast.AST) -> str:
    """`datetime.datetime.now` for that expression, "" for anything that is not a chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else f"?.{node.attr}"
    return ""


class Call(NamedTuple):
    """A call in a Python source: where, the dotted name of what is called, how many arguments it is given."""

    line: int
    name: str
    arguments: int


def imported_names(source: str) -> dict[str, str]:
    """What the names of a module stand for: {"now": "django.utils.timezone.now"} for `from … import now`."""
    names: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
    return names


def calls(source: str) -> Iterator[Call]:
    """Every call with its name as the imports resolve it: `now()` becomes `django.utils.timezone.now`."""
    names = imported_names(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            head, _, tail = dotted(node.func).partition(".")
            resolved = names.get(head, head)
            yield Call(node.lineno, f"{resolved}.{tail}" if tail else resolved, len(node.args) + len(node.keywords))
