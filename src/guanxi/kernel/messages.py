"""Texts for people, kept as an English message id with its figures and translated only when somebody reads them.

The kernel knows no web framework: whoever does hands in the translation function with `set_translator`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

Translator = Callable[[str], str]


def _english(msgid: str) -> str:
    return msgid


_translator: Translator = _english


def set_translator(translator: Translator | None) -> Translator:
    """Use `translator` (msgid -> text in the reader's language) from now on, None for English; returns the former."""
    global _translator
    former = _translator
    _translator = translator or _english
    return former


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list | set | frozenset) else value


@dataclass(frozen=True, init=False)
class Message:
    """A sentence for the user: `msgid` is the English text with %(name)s places, `arguments` what fills them.

    A parameter may be a Message, a Money, a Decimal, a date, a number, a lazy translation or a list of these. Two
    messages with the same id and parameters are equal. `str()` translates at the moment of reading.
    """

    msgid: str
    arguments: tuple[tuple[str, object], ...]

    def __init__(self, msgid: str, /, **params: object) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "arguments", tuple(sorted((name, _frozen(value)) for name, value in params.items())))

    @classmethod
    def of(cls, text: object) -> "Message":
        """The message itself, or any other text (a string, a lazy translation) as a message without figures."""
        return text if isinstance(text, Message) else cls("%(text)s", text=text)

    def filled(self, **params: object) -> "Message":
        """The same text with other figures: for tables of texts whose figures come later."""
        return Message(self.msgid, **{**dict(self.arguments), **params})

    @property
    def params(self) -> Mapping[str, object]:
        """The figures by name, unchanged."""
        return MappingProxyType(dict(self.arguments))

    @property
    def plain(self) -> str:
        """The English text, whatever the reader's language: for logs."""
        return self._rendered(_english)

    def __str__(self) -> str:
        return self._rendered(_translator)

    def _rendered(self, translate: Translator) -> str:
        if not self.arguments:
            return translate(self.msgid)
        shown = {name: _shown(value, translate) for name, value in self.arguments}
        try:
            return translate(self.msgid) % shown
        except (KeyError, ValueError, TypeError):
            # A slip in a catalogue must not turn a refusal into a crash: the English text is checked by tests.
            return self.msgid % shown


def _shown(value: object, translate: Translator) -> object:
    match value:
        case Message():
            return value._rendered(translate)
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case tuple():
            return translate(", ").join(str(_shown(item, translate)) for item in value)
    return value
