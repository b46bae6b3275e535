"""The regulation's numbers as typed parameters: declared once in code, their dated values kept by the platform."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar, cast

from guanxi.kernel.amounts import Money
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.money import parse_money

T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_KIND_OF_TYPE: dict[type, str] = {int: "int", Decimal: "decimal", bool: "bool", str: "str"}
_SPELLED: dict[str, str] = {"Decimal": "decimal", "integer": "int", "boolean": "bool", "text": "str"}
_TYPE_OF_KIND: dict[str, type] = {
    "int": int,
    "days": int,
    "decimal": Decimal,
    "percent": Decimal,
    "money": Decimal,
    "bool": bool,
    "str": str,
}
_UNIT_OF_KIND = {"days": "days", "percent": "%", "money": "CNY"}
_YES = frozenset({"1", "true", "yes", "on", "y", "是", "对", "开", "启用"})
_NO = frozenset({"0", "false", "no", "off", "n", "否", "不", "关", "停用"})


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One number (or word, or switch) that the regulation fixes and an authorised person may change.

    `name`: room and name, "records.export_row_limit"; for days and percent it ends in its unit. `kind`: int, Decimal,
    bool, str, "money" (yuan), "percent" (15 means 15 %) or "days". `default`: the regulation's value. `unit`: what is
    counted. `label`: what the user calls it, a Message or lazy translation. `clause`: where the regulation says so, ""
    if it is the product's own. `minimum`, `maximum`: inclusive bounds. `choices`: the only values, if given.
    """

    name: str
    kind: type | str
    default: T
    unit: str = ""
    label: object = field(default="", compare=False)
    clause: str = ""
    minimum: T | None = None
    maximum: T | None = None
    choices: tuple[T, ...] = ()

    def __post_init__(self) -> None:
        kind = _kind(self.kind)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "unit", self.unit or _UNIT_OF_KIND.get(kind, ""))
        if kind == "days" and self.minimum is None:
            object.__setattr__(self, "minimum", 0)
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a parameter's name (room.name in lower case)")
        if kind in ("days", "percent") and not self.name.endswith(f"_{kind}"):
            raise ValueError(f"{self.name} counts {kind}: its name must end in _{kind}")
        if kind in ("int", "days") and isinstance(self.default, bool):
            raise ValueError(f"the default of {self.name} is a switch, not a number")
        try:
            self.check(self.default)
        except Invalid as problem:
            raise ValueError(f"the default of {self.name} does not fit: {problem.message.plain}") from problem

    def parse(self, text: str) -> T:
        """The value that a person typed. Raises Invalid saying what is expected."""
        return self.check(_READERS[str(self.kind)](text.strip()))

    def check(self, value: Any) -> T:
        """`value` if it is of the parameter's kind and in bounds, else Invalid with the bound or the choices."""
        if type(value) is not _TYPE_OF_KIND[str(self.kind)] or (isinstance(value, Decimal) and not value.is_finite()):
            raise Invalid(Message("“%(value)s” is not a value for this parameter.", value=str(value)))
        if self.choices and value not in self.choices:
            raise Invalid(Message("Choose one of: %(choices)s.", choices=tuple(map(self._shown, self.choices))))
        if self.minimum is not None and value < cast(Any, self.minimum):
            raise Invalid(Message("The value must be at least %(minimum)s.", minimum=self._shown(self.minimum)))
        if self.maximum is not None and value > cast(Any, self.maximum):
            raise Invalid(Message("The value must be at most %(maximum)s.", maximum=self._shown(self.maximum)))
        return cast(T, value)

    def dump(self, value: T) -> Any:
        """`value` as it is stored in JSON: a Decimal as text, everything else as it is."""
        checked = self.check(value)
        return format(checked, "f") if isinstance(checked, Decimal) else checked

    def load(self, stored: Any) -> T:
        """The value that `dump` stored. Raises Invalid when it no longer fits the declaration."""
        if _TYPE_OF_KIND[str(self.kind)] is Decimal and isinstance(stored, str | int) and not isinstance(stored, bool):
            return self.check(_decimal(str(stored)))
        return self.check(stored)

    def _shown(self, value: object) -> object:
        return Money(value) if self.kind == "money" and isinstance(value, Decimal) else value


def _kind(given: type | str) -> str:
    kind = _KIND_OF_TYPE.get(given, "") if isinstance(given, type) else _SPELLED.get(given, given)
    if kind not in _TYPE_OF_KIND:
        raise ValueError(f"{given!r} is not a kind of parameter")
    return kind


def _integer(text: str) -> int:
    try:
        return int(text.replace(",", "").replace("，", ""))
    except ValueError:
        raise Invalid(Message("“%(text)s” is not a whole number.", text=text[:64])) from None


def _days(text: str) -> int:
    return _integer(re.sub(r"\s*(个?工作日|天|日|days?)$", "", text))


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise Invalid(Message("“%(text)s” is not a number.", text=text[:64])) from None
    if not value.is_finite():
        raise Invalid(Message("“%(text)s” is not a number.", text=text[:64]))
    return value


def _percent(text: str) -> Decimal:
    return _decimal(re.sub(r"\s*[%％]$", "", text))


def _switch(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise Invalid(Message("“%(text)s” is neither yes nor no.", text=text[:64]))


_READERS: dict[str, Callable[[str], Any]] = {
    "int": _integer,
    "days": _days,
    "decimal": _decimal,
    "percent": _percent,
    "money": parse_money,
    "bool": _switch,
    "str": str,
}

_declared: dict[str, Parameter[Any]] = {}


def declare(parameter: Parameter[T]) -> Parameter[T]:
    """Make the parameter known to the whole process and return it. Raises ValueError when the name is taken."""
    if parameter.name in _declared:
        raise ValueError(f"the parameter {parameter.name} is declared twice")
    _declared[parameter.name] = parameter
    return parameter


def declared() -> tuple[Parameter[Any], ...]:
    """All parameters of the process, by name."""
    return tuple(_declared[name] for name in sorted(_declared))


def parameter(name: str) -> Parameter[Any]:
    """The parameter of that name. Raises LookupError for an unknown one."""
    try:
        return _declared[name]
    except KeyError:
        raise LookupError(f"no parameter is called {name}") from None
