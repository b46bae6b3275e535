"""Writes docs/regulation, and what the register shows of it: each clause, what keeps it, the tests that show it.

A clause is declared in `guanxi.rooms.compliance.clauses`, named in code as an argument (`refuse("REC-04", …)`,
`clause="ARC-01"`) and in tests by the mark `@pytest.mark.clause("REC-04")`. Nothing is written by hand, so neither the
page nor the register can promise what is not there.
"""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guanxi.kernel import clauses as register
from guanxi.kernel.clauses import AREAS, is_known
from guanxi.rooms.compliance import clauses as declarations

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "regulation" / "README.md"
#: The same for the program itself: the page of a clause shows it.
SHIPPED = ROOT / "src" / "guanxi" / "rooms" / "compliance" / "evidence.json"
#: Declaring a clause is not keeping it.
DECLARED_IN = Path(declarations.__file__).resolve()


@dataclass
class Kept:
    """Where one clause is kept (places in code) and shown to be kept (tests)."""

    code: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)


def clauses_of(node: ast.expr) -> Iterator[str]:
    """The clauses that an argument names: one id, or several in one text or tuple."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from register.ids_in(node.value)
    elif isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from clauses_of(element)


def named_in_code(path: Path) -> Iterator[tuple[str, str]]:
    """Each clause that a source names in a call, with the place: file and function or constant around it."""
    place = path.relative_to(ROOT / "src").as_posix()
    for statement in ast.parse(path.read_text()).body:
        name = _name_of(statement)
        for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call)):
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                for clause in clauses_of(argument):
                    yield clause, f"{place}: {name}" if name else place


def _name_of(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def marked_in_tests(path: Path) -> Iterator[tuple[str, str]]:
    """Each clause that a test is marked with, and the test."""
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            for clause in _marks(node.decorator_list):
                yield clause, f"{place}::{node.name}"
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _name_of(statement) == "pytestmark":
            for clause in _marks([statement.value]):
                yield clause, place


def _marks(decorators: list[ast.expr]) -> Iterator[str]:
    for decorator in decorators:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
                for argument in node.args:
                    yield from clauses_of(argument)


def kept_clauses() -> dict[str, Kept]:
    """Every clause named anywhere, by id."""
    found: dict[str, Kept] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        if path == DECLARED_IN:
            continue
        for clause, place in named_in_code(path):
            found.setdefault(clause, Kept()).code.add(place)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for clause, place in marked_in_tests(path):
            found.setdefault(clause, Kept()).tests.add(place)
    return dict(sorted(found.items()))


def unknown_clauses() -> dict[str, Kept]:
    """What is named like a clause and is none."""
    return {clause: places for clause, places in kept_clauses().items() if not is_known(clause)}


def undeclared_clauses() -> list[str]:
    """Clauses that code or tests name and nobody has declared: the register would not show them."""
    return [clause for clause in kept_clauses() if is_known(clause) and register.find(clause) is None]


def empty_clauses() -> list[str]:
    """Clauses that are declared although neither code nor a test names them: the register would promise too much."""
    kept = kept_clauses()
    return [clause.id for clause in register.declared() if clause.id not in kept]


def page() -> str:
    """The page as Markdown."""
    kept = kept_clauses()
    shown = sum(1 for entry in kept.values() if entry.tests)
    lines = [
        "# Clauses, code and tests",
        "",
        "Written by `make regulation` from the declarations, the clauses named in code and the marks on tests.",
        "",
        f"{len(kept)} clauses are named, {shown} of them have a test.",
    ]
    for area in AREAS.values():
        rows = [(clause, entry) for clause, entry in kept.items() if clause.startswith(f"{area.key}-")]
        if rows:
            lines += ["", f"## {area.key}: {area.en} {area.zh}", ""]
            lines += ["| clause | what it asks | kept by | shown by |", "| --- | --- | --- | --- |"]
            lines += [f"| {clause} | {_title(clause)} | {_cell(e.code)} | {_cell(e.tests)} |" for clause, e in rows]
    return "\n".join(lines) + "\n"


def _title(clause: str) -> str:
    declared = register.find(clause)
    return f"{declared.en}<br>{declared.zh}" if declared else ""


def _cell(places: set[str]) -> str:
    return "<br>".join(f"`{place}`" for place in sorted(places))


def shipped() -> str:
    """The same as the register reads it: by clause the places in code and the tests."""
    told = {clause: {"code": sorted(e.code), "tests": sorted(e.tests)} for clause, e in kept_clauses().items()}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Writes both; exit code 1 when something names a clause that does not exist or that nobody has declared."""
    for problem, found in (("no such clauses", sorted(unknown_clauses())), ("not declared", undeclared_clauses())):
        if found:
            print(f"{problem}: {', '.join(found)} (see docs/how-to/add-a-clause.md)", file=sys.stderr)
            return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(page())
    SHIPPED.write_text(shipped())
    print(f"{TARGET.relative_to(ROOT)} written: {len(kept_clauses())} clauses")
    return 0


if __name__ == "__main__":
    sys.exit(main())
