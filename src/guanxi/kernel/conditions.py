"""Conditions that people write into a process: comparisons of named figures, and nothing that could do anything.

    outcome == "refuse" and amount > 50000

Names, texts, numbers, true, false and none; == != < <= > >= in, and, or, not, parentheses, lists. Numbers are exact.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

LONGEST = 500

_WORDS: Mapping[str, Any] = {"true": True, "false": False, "none": None}
_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True)
class Condition:
    """A condition that was read; `names` are the figures it asks for."""

    text: str
    names: frozenset[str]
    _tree: ast.expr

    def holds(self, figures: Mapping[str, Any]) -> bool:
        """Whether the figures satisfy it. A figure that is not there is none; what cannot be compared does not hold."""
        return bool(_value(self._tree, figures))


def condition(text: str) -> Condition:
    """Read a condition; raises Invalid for anything but comparisons."""
    if len(text) > LONGEST:
        raise Invalid(Message("A condition has at most %(limit)s characters.", limit=LONGEST))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        _require_harmless(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Invalid(
            Message('“%(text)s” is no condition. An example: outcome == "refuse" and amount > 50000', text=text[:120])
        ) from error
    names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - _WORDS.keys()
    return Condition(text.strip(), names, tree)


def _require_harmless(node: ast.AST) -> None:
    match node:
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                _require_harmless(part)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=part):
            _require_harmless(part)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARED for op in ops):
            for part in (left, *others):
                _require_harmless(part)
        case ast.Name() | ast.Constant(value=bool() | int() | float() | str() | None):
            return
        case _:
            raise ValueError(type(node).__name__)


def _value(node: ast.expr, figures: Mapping[str, Any]) -> Any:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, figures) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, figures) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _value(part, figures)
        case ast.UnaryOp(operand=part):
            value = _value(part, figures)
            return -value if isinstance(value, Decimal) else None
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, figures) for part in parts]
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [_value(part, figures) for part in (left, *others)]
            pairs = zip(ops, values, values[1:], strict=False)
            return all(_compare(op, one, other) for op, one, other in pairs)
        case ast.Name(id=name):
            return _exact(_WORDS[name] if name in _WORDS else figures.get(name))
        case ast.Constant(value=value):
            return _exact(value)
    raise AssertionError(node)


def _compare(op: ast.cmpop, one: Any, other: Any) -> bool:
    if isinstance(op, _ORDERED):
        one, other = _number(one, other), _number(other, one)
    try:
        return _COMPARED[type(op)](one, other)
    except TypeError:
        return False


def _number(value: Any, beside: Any) -> Any:
    """A text that holds a number counts as one beside a number: amounts travel as text."""
    if isinstance(value, str) and isinstance(beside, Decimal):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value


def _exact(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value
