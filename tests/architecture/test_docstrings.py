"""Every public model, function and class says what it is in the business."""

import ast

from tests.architecture.tree import SOURCE, name_of, python_files

FLOORS = ("kernel", "platform", "records", "rooms", "api", "web")


def is_public_definition(node: ast.AST) -> bool:
    """Whether a statement defines a class or function that others may use."""
    return isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")


def is_inner_class(node: ast.ClassDef) -> bool:
    """Whether a class only configures the one around it."""
    return node.name in {"Meta"} or node.name.endswith("Config")


def undocumented(source: str) -> list[str]:
    """The public functions and classes at the top of a module that have no docstring, and the module itself."""
    tree = ast.parse(source)
    bare = ["module"] if tree.body and not ast.get_docstring(tree) else []
    return bare + [
        node.name
        for node in tree.body
        if is_public_definition(node)
        and not (isinstance(node, ast.ClassDef) and is_inner_class(node))
        and not ast.get_docstring(node)
    ]


def test_everything_public_explains_itself():
    assert undocumented('"""A."""\ndef f():\n    pass\ndef _g():\n    pass') == ["f"]
    assert undocumented('def f():\n    """F."""') == ["module"]
    found = [
        f"{name_of(path)}: {name}"
        for path in python_files()
        if path.relative_to(SOURCE).parts[0] in FLOORS
        and path.name not in {"apps.py", "__init__.py"}
        and "migrations" not in path.parts
        for name in undocumented(path.read_text())
    ]
    assert not found, "\n".join(["", *found])
