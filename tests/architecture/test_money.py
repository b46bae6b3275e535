"""Money is Decimal yuan or whole 分: no model has a float column, and money code makes no float."""

import ast

from tests.architecture.tree import calls, name_of, python_files

MONEY_FILES = ("kernel/money.py", "kernel/amounts.py", "kernel/chinese/capital.py")


def float_columns(source: str) -> list[int]:
    """The lines that declare a float column."""
    return [call.line for call in calls(source) if call.name.rpartition(".")[2] == "FloatField"]


def floats(source: str) -> list[int]:
    """The lines with a float literal, a call of `float` or a `float` annotation."""
    found = []
    for node in ast.walk(ast.parse(source)):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        name = isinstance(node, ast.Name) and node.id == "float"
        if literal or name:
            found.append(node.lineno)
    return found


def is_refusal(source_line: str) -> bool:
    """Whether a line names `float` only to refuse it: a type check."""
    return "isinstance(" in source_line


def test_money_is_never_a_float():
    assert float_columns("from django.db import models\nprice = models.FloatField()") == [2]
    assert floats("x = 1.5\ny = float('2')\nz = Decimal('1.5')") == [1, 2]
    columns = [f"{name_of(path)}:{line}" for path in python_files() for line in float_columns(path.read_text())]
    assert not columns, "\n".join(["", *columns])
    found = []
    for path in python_files():
        if name_of(path).removeprefix("src/guanxi/") in MONEY_FILES:
            lines = path.read_text().splitlines()
            found += [f"{name_of(path)}:{n}" for n in floats(path.read_text()) if not is_refusal(lines[n - 1])]
    assert not found, "\n".join(["", *found])
