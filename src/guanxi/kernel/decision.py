"""What a rule answers: allowed or not, and why, with the clause, the figures and what would lift the refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from guanxi.kernel.amounts import Money
from guanxi.kernel.messages import Message


@dataclass(frozen=True)
class Reason:
    """One ground for a decision.

    `clause`: the regulation's clause, "REC-04"; `message`: the ground in words; `figures`: the numbers the rule saw, by
    name; `remedy`: what would lift it; `blocking`: False when it only warns.
    """

    clause: str
    message: Message
    figures: Mapping[str, object] = field(default_factory=dict, hash=False)
    remedy: Message | None = None
    blocking: bool = True

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: Decimals and dates as text, money with its currency, messages so that they still translate."""
        return {
            "clause": self.clause,
            "message": _json(self.message),
            "figures": {name: _json(value) for name, value in self.figures.items()},
            "remedy": None if self.remedy is None else _json(self.remedy),
            "blocking": self.blocking,
        }

    def told(self) -> dict[str, Any]:
        """As a program is told: like `as_dict`, with every message in the reader's language."""
        words = {name: str(value) for name, value in self.figures.items() if isinstance(value, Message)}
        stored = self.as_dict()
        return {
            **stored,
            "message": str(self.message),
            "figures": {**stored["figures"], **words},
            "remedy": None if self.remedy is None else str(self.remedy),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Reason":
        """The reason that `as_dict` stored; figures that were Decimals or dates stay text, which reads the same."""
        return cls(
            clause=stored["clause"],
            message=Message.of(_loaded(stored["message"])),
            figures={name: _loaded(value) for name, value in stored["figures"].items()},
            remedy=None if stored["remedy"] is None else Message.of(_loaded(stored["remedy"])),
            blocking=stored["blocking"],
        )


@dataclass(frozen=True)
class Decision:
    """The answer of one rule or of several joined by `&`: allowed unless a reason blocks."""

    reasons: tuple[Reason, ...] = ()

    @classmethod
    def allow(cls) -> "Decision":
        """Nothing speaks against it."""
        return _ALLOWED

    @property
    def allowed(self) -> bool:
        """True when no reason blocks."""
        return not self.blocking

    @property
    def blocking(self) -> tuple[Reason, ...]:
        """The reasons that refuse."""
        return tuple(reason for reason in self.reasons if reason.blocking)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """The reasons that only warn."""
        return tuple(reason for reason in self.reasons if not reason.blocking)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses named, each once, in order."""
        return tuple(dict.fromkeys(reason.clause for reason in self.reasons))

    def __and__(self, other: "Decision") -> "Decision":
        """Both must allow; a reason given twice is kept once."""
        if not other.reasons:
            return self
        return Decision(self.reasons + tuple(reason for reason in other.reasons if reason not in self.reasons))

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form for the audit trail and the API."""
        return {"allowed": self.allowed, "reasons": [reason.as_dict() for reason in self.reasons]}

    def told(self) -> dict[str, Any]:
        """As a program is told: under which clause, why, and what would lift it, in the reader's language."""
        return {"allowed": self.allowed, "reasons": [reason.told() for reason in self.reasons]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Decision":
        """The decision that `as_dict` stored."""
        return cls(tuple(Reason.from_dict(reason) for reason in stored["reasons"]))


_ALLOWED = Decision()


def refuse(clause: str, message: Message, remedy: Message | None = None, **figures: object) -> Decision:
    """A decision that refuses under `clause`."""
    return Decision((Reason(clause, message, figures, remedy, blocking=True),))


def warn(clause: str, message: Message, remedy: Message | None = None, **figures: object) -> Decision:
    """A decision that allows, with a warning under `clause`."""
    return Decision((Reason(clause, message, figures, remedy, blocking=False),))


def _json(value: object) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case Money():
            return {"amount": format(value.amount, "f"), "currency": value.currency}
        case Message():
            return {"msgid": value.msgid, "params": {name: _json(param) for name, param in value.arguments}}
        case list() | tuple() | set() | frozenset():
            return [_json(item) for item in value]
        case Mapping():
            return {str(name): _json(item) for name, item in value.items()}
    return str(value)


def _loaded(value: Any) -> object:
    match value:
        case {"msgid": str(msgid), "params": dict(params), **rest} if not rest:
            return Message(msgid, **{name: _loaded(param) for name, param in params.items()})
        case {"amount": str(amount), "currency": str(currency), **rest} if not rest:
            return Money(Decimal(amount), currency)
        case dict():
            return {name: _loaded(item) for name, item in value.items()}
        case list():
            return [_loaded(item) for item in value]
    return value
