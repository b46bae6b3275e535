"""Every text of the product has one Chinese translation that takes the same figures."""

import ast
import re

from babel.messages.catalog import Message

from tests.architecture.tree import name_of, python_files
from tools import messages

PLACE = re.compile(r"%\((\w+)\)[a-z]")


def texts(entry: Message) -> tuple[list[str], list[str]]:
    """The message ids and the translations of an entry, plural or not, as lists."""
    ids = list(entry.id) if isinstance(entry.id, tuple | list) else [entry.id]
    strings = list(entry.string) if isinstance(entry.string, tuple | list) else [entry.string]
    return ids, strings


def wrong_places(entry: Message) -> bool:
    """Whether a translation has a %(figure)s that the English text does not have, or lost one."""
    ids, strings = texts(entry)
    wanted = {place for text in ids for place in PLACE.findall(text)}
    return any(text and set(PLACE.findall(text)) != wanted for text in strings)


def test_every_text_is_translated():
    assert messages.texts_by_package(), "no texts were found: the extraction is broken"
    open_texts = []
    for package, used in messages.texts_by_package().items():
        path = package / messages.CATALOGUE
        entries = messages.read(path) if path.exists() else messages.empty_catalogue()
        untranslated = set(messages.missing(entries))
        translated = {messages.key(entry) for entry in entries if entry.id} - untranslated
        open_texts += sorted(
            {
                f"{text.file}: {text.msgid!r}"
                for text in used
                if (text.context, text.msgid[0] if isinstance(text.msgid, tuple) else text.msgid) not in translated
            }
        )
    assert not open_texts, "\n".join(["", *open_texts])


def test_translations_keep_the_figures():
    assert wrong_places(Message("%(count)s left", string="剩余 %(n)s"))
    assert not wrong_places(Message(("%(n)s day", "%(n)s days"), string=("%(n)s 天",)))
    found = [
        (messages.key(entry), path.parent.parent.parent.parent.name)
        for path in messages.catalogue_files()
        for entry in messages.read(path)
        if entry.id and wrong_places(entry)
    ]
    assert not found, "\n".join(["", *found])


def test_one_text_has_one_translation():
    """Django joins all catalogues: with two translations of one text, chance would choose."""
    translations: dict[messages.Key, set[str]] = {}
    for path in messages.catalogue_files():
        for entry in messages.read(path):
            if entry.id and entry.string:
                translations.setdefault(messages.key(entry), set()).add(str(texts(entry)[1]))
    assert {key: sorted(found) for key, found in translations.items() if len(found) > 1} == {}


# File (below src/guanxi) → why its messages are not literal there.
BUILDS_MESSAGES: dict[str, str] = {
    "kernel/messages.py": "a text from a table gets its figures later",
    "kernel/decision.py": "a stored decision is read back; its texts are literal where it was made",
    "web/environment.py": "the texts of templates, which are extracted from the templates",
}


def hidden_texts(source: str) -> list[int]:
    """The lines that translate something other than a literal text, which no extraction can find."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in messages.KEYWORDS
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]


def test_texts_are_literal_where_they_are_translated():
    assert hidden_texts('Message(text, n=1)\n_(f"{n} left")\n_("left")') == [1, 2]
    found = [
        f"{name}:{line}"
        for path in python_files()
        for name in [name_of(path).removeprefix("src/guanxi/")]
        if name not in BUILDS_MESSAGES
        for line in hidden_texts(path.read_text())
    ]
    assert not found, "\n".join(["", *found])
