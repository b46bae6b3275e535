"""Writes docs/regulation: each clause of the regulation with the code that keeps it and the tests that show it.

A clause is named in code as an argument (`refuse("REC-04", …)`, `clause="ARC-01"`) and in tests by the mark
`@pytest.mark.clause("REC-04")`. Nothing is written by hand, so the page cannot promise what is not there.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "regulation" / "README.md"
CLAUSE = re.compile(r"[A-Z]{2,3}-\d{2}")
# The areas of the regulation: what each is about, and the number of its last clause.
AREAS = {
    "ARC": ("customer archive", 45),
    "CAN": ("canteen", 8),
    "CMP": ("campaigns", 17),
    "CRM": ("customer-management program", 53),
    "GRD": ("grading", 16),
    "KEY": ("key customers", 35),
    "OFF": ("office", 7),
    "PRC": ("processes", 35),
    "REC": ("receivables and credit", 45),
    "RPT": ("reports", 10),
    "SAL": ("sales", 15),
    "SEC": ("who may see and do what", 8),
    "SEG": ("segments", 14),
    "SRV": ("service", 18),
    "TRN": ("training", 9),
    "VIS": ("visits", 13),
    "WF": ("sales workflow", 29),
    "WH": ("warehouse", 23),
}


@dataclass
class Kept:
    """Where one clause is kept (places in code) and shown to be kept (tests)."""

    code: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)


def is_known(clause: str) -> bool:
    """Whether the regulation has a clause of this id."""
    area, _, number = clause.partition("-")
    return area in AREAS and 1 <= int(number) <= AREAS[area][1]


def clauses_of(node: ast.expr) -> Iterator[str]:
    """The clauses that an argument names: one id, or several in one text or tuple."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = re.split(r"[,\s]+", node.value.strip())
        if parts and all(CLAUSE.fullmatch(part) for part in parts):
            yield from parts
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
        for clause, place in named_in_code(path):
            found.setdefault(clause, Kept()).code.add(place)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for clause, place in marked_in_tests(path):
            found.setdefault(clause, Kept()).tests.add(place)
    return dict(sorted(found.items()))


def unknown_clauses() -> dict[str, Kept]:
    """What is named like a clause and is none."""
    return {clause: places for clause, places in kept_clauses().items() if not is_known(clause)}


def page() -> str:
    """The page as Markdown."""
    kept = kept_clauses()
    shown = sum(1 for entry in kept.values() if entry.tests)
    lines = [
        "# Clauses, code and tests",
        "",
        "Written by `make regulation` from the clauses named in code and the marks on tests; do not edit.",
        "",
        f"{len(kept)} clauses are named, {shown} of them have a test.",
    ]
    for area in dict.fromkeys(clause.split("-")[0] for clause in kept):
        lines += ["", f"## {area}: {AREAS[area][0]}", "", "| clause | kept by | shown by |", "| --- | --- | --- |"]
        for clause, entry in kept.items():
            if clause.startswith(f"{area}-"):
                lines.append(f"| {clause} | {_cell(entry.code)} | {_cell(entry.tests)} |")
    return "\n".join(lines) + "\n"


def _cell(places: set[str]) -> str:
    return "<br>".join(f"`{place}`" for place in sorted(places))


def main() -> int:
    """Writes the page; exit code 1 when something names a clause that does not exist."""
    if unknown := unknown_clauses():
        print(f"no such clauses: {unknown}", file=sys.stderr)
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(page())
    print(f"{TARGET.relative_to(ROOT)} written: {len(kept_clauses())} clauses")
    return 0


if __name__ == "__main__":
    sys.exit(main())
