"""Decision tables (DMN): figures go in, figures come out, by lines that people can read.

Of DMN this much is understood: one decision with one decision table; hit policy FIRST or UNIQUE; inputs that are names
of figures; cells that compare (`>= 50000`, `"A", "B"`, `[1..5]`, `not("C")`, `-`); results that are plain values. Cells
are never expressions of a language: they become conditions of `kernel.conditions`, and the process engine, which would
run any Python in them, does not see them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.db import transaction

from guanxi.kernel.conditions import Condition, condition
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.diagrams import MOST_KEY, OURS, decoded, tree_of
from guanxi.platform.workflow.models import MARK, NAME_LENGTH, DecisionTable, in_language

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
#: The namespaces of DMN 1.1 to 1.5 begin so.
_DMN_OF = re.compile(r"\{https?://www\.omg\.org/spec/DMN/\d+/MODEL/(dmn\.xsd)?\}")
FIRST, UNIQUE = "FIRST", "UNIQUE"
HITS = (FIRST, UNIQUE)
MOST_LINES, MOST_COLUMNS, LONGEST = 200, 12, 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[\](])\s*(\S+?)\s*\.\.\s*(\S+?)\s*([\[\])])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """A figure that a table asks for or says; `label` is what people call it."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Line:
    """One line: it holds when all its `cells` do ("" always does); `results` are literals as written."""

    cells: tuple[str, ...]
    results: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A decision table that was found to be sound."""

    key: str
    title: str
    title_en: str
    hit: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.title, self.title_en)

    def decide(self, figures: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Which line holds (counted from 1), and what it says.

        Raises Conflict where none does, or where several do that ought to exclude each other.
        """
        held = [number for number, line in enumerate(self.lines, 1) if self._holds(line, figures)]
        if not held:
            known = ", ".join(f"{column.name} = {figures.get(column.name)}" for column in self.inputs)
            raise Conflict(Message("No line of “%(table)s” fits: %(figures)s.", table=self.label, figures=known))
        if self.hit == UNIQUE and len(held) > 1:
            numbers = ", ".join(str(number) for number in held)
            raise Conflict(Message("Several lines of “%(table)s” fit: %(lines)s.", table=self.label, lines=numbers))
        said = self.lines[held[0] - 1].results
        pairs = zip(self.outputs, said, strict=True)
        return held[0], {column.name: literal(text) for column, text in pairs if text}

    def _holds(self, line: Line, figures: Mapping[str, Any]) -> bool:
        tests = (comparison_of(column.name, cell) for column, cell in zip(self.inputs, line.cells, strict=True))
        return all(test is None or test.holds(figures) for test in tests)


# ---- Cells -----------------------------------------------------------------------------------------------------------


def comparison_of(name: str, cell: str) -> Condition | None:
    """What a cell asks of a figure; None for one that holds always. Raises Invalid for anything but comparisons."""
    text = cell.strip()
    if text in ("", "-"):
        return None
    negated = _NOT.fullmatch(text)
    inside = negated.group(1) if negated else text
    joined = " or ".join(_asked(name, part) for part in _parts(inside))
    return condition(f"not ({joined})" if negated else joined)


def _asked(name: str, part: str) -> str:
    if compared := _COMPARED.fullmatch(part):
        return f"{name} {compared.group(1)} {_written(compared.group(2))}"
    if span := _RANGE.fullmatch(part):
        opens, low, high, closes = span.groups()
        above, below = ">=" if opens == "[" else ">", "<=" if closes == "]" else "<"
        return f"({name} {above} {_written(low)} and {name} {below} {_written(high)})"
    return f"{name} == {_written(part)}"


def _written(text: str) -> str:
    """A literal as conditions write it."""
    value = literal(text)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def literal(text: str) -> Any:
    """A value as a table writes it: "text", 12.5, true, false, null. Raises Invalid for anything else."""
    found = text.strip()
    if found in ("true", "false"):
        return found == "true"
    if found == "null":
        return None
    if len(found) >= 2 and found[0] == found[-1] == '"' and '"' not in found[1:-1] and "\\" not in found:
        return found[1:-1]
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", found):
        number = Decimal(found)
        return int(number) if number == number.to_integral_value() and "." not in found else str(number)
    raise Invalid(Message("“%(text)s” is no value. Texts stand in quotation marks; numbers are plain.", text=text[:80]))


def _parts(text: str) -> Iterator[str]:
    """What stands between commas; a comma within quotation marks belongs to the text."""
    part, quoted = "", False
    for sign in text:
        quoted ^= sign == '"'
        if sign == "," and not quoted:
            yield part.strip()
            part = ""
        else:
            part += sign
    yield part.strip()


# ---- Files -----------------------------------------------------------------------------------------------------------


def read(text: str | bytes) -> Table:
    """The table in a DMN file. Raises Invalid with everything that is wrong with it, in the reader's words."""
    plain = decoded(text)
    root = tree_of(plain)
    if not _DMN_OF.match(root.tag) or not root.tag.endswith("}definitions"):
        raise Invalid({"table": [Message("This is no DMN decision table.")]})
    decisions = [part for part in root if _is(part, "decision")]
    others = [part for part in root if isinstance(part.tag, str) and _DMN_OF.match(part.tag) and part not in decisions]
    tables = [part for part in decisions[0] if _is(part, "decisionTable")] if len(decisions) == 1 else []
    if len(tables) != 1 or any(not _is(part, "DMNDI") for part in others):
        raise Invalid({"table": [Message("The file must hold exactly one decision, which is a table.")]})
    table = _read(decisions[0], tables[0])
    require_sound(table)
    return table


def _read(decision: Any, part: Any) -> Table:
    inputs = tuple(
        Column(_inside(each, "inputExpression"), (each.get("label") or "").strip()[:NAME_LENGTH])
        for each in part if _is(each, "input")
    )  # fmt: skip
    outputs = tuple(
        Column((each.get("name") or "").strip(), (each.get("label") or "").strip()[:NAME_LENGTH])
        for each in part if _is(each, "output")
    )  # fmt: skip
    lines = tuple(
        Line(
            tuple(_text(cell) for cell in each if _is(cell, "inputEntry")),
            tuple(_text(cell) for cell in each if _is(cell, "outputEntry")),
            _inside(each, "description", "")[:NAME_LENGTH],
        )
        for each in part if _is(each, "rule")
    )  # fmt: skip
    key = (decision.get("id") or "").strip()
    title = " ".join((decision.get("name") or key).split())[:NAME_LENGTH]
    english = (decision.get(f"{{{OURS}}}name-en") or "").strip()[:NAME_LENGTH]
    return Table(key, title, english, part.get("hitPolicy") or UNIQUE, inputs, outputs, lines)


def _is(part: Any, name: str) -> bool:
    return isinstance(part.tag, str) and part.tag.endswith("}" + name)


def _text(part: Any) -> str:
    return "".join((each.text or "") for each in part if _is(each, "text")).strip()


def _inside(part: Any, name: str, usual: str = "") -> str:
    found = [each for each in part if _is(each, name)]
    return (_text(found[0]) or (found[0].text or "").strip()) if found else usual


def require_sound(table: Table) -> None:
    """Raise Invalid with everything that is wrong with a table, as "table"."""
    if wrong := list(_wrong_with(table)):
        raise Invalid({"table": wrong})


def _wrong_with(table: Table) -> Iterator[Message]:
    if not 0 < len(table.key) <= MOST_KEY:
        yield Message("A decision table needs an id of at most %(limit)s characters.", limit=MOST_KEY)
    if table.hit not in HITS:
        yield Message("The hit policy must be FIRST or UNIQUE, not %(hit)s.", hit=table.hit[:40])
    if not table.inputs or not table.outputs or not table.lines:
        yield Message("A decision table needs at least one input, one output and one line.")
    if len(table.lines) > MOST_LINES or len(table.inputs) + len(table.outputs) > MOST_COLUMNS:
        yield Message(
            "A decision table has at most %(lines)s lines and %(columns)s columns.",
            lines=MOST_LINES, columns=MOST_COLUMNS,
        )  # fmt: skip
    names = [column.name for column in (*table.inputs, *table.outputs)]
    for name in names:
        if not _NAME.fullmatch(name):
            yield Message("“%(name)s” is no name of a figure: letters, digits and _ only.", name=name[:80])
    if len(set(names)) < len(names):
        yield Message("Each figure stands in one column only.")
    for number, line in enumerate(table.lines, 1):
        yield from (_in_line(number, problem) for problem in _wrong_in(table, line))


def _wrong_in(table: Table, line: Line) -> Iterator[Message]:
    if (len(line.cells), len(line.results)) != (len(table.inputs), len(table.outputs)):
        yield Message("It has not one cell for each column.")
        return
    if any(len(text) > LONGEST for text in (*line.cells, *line.results)):
        yield Message("A cell has at most %(limit)s characters.", limit=LONGEST)
        return
    for column, cell in zip(table.inputs, line.cells, strict=True):
        if _NAME.fullmatch(column.name):
            yield from _problem(lambda name=column.name, cell=cell: comparison_of(name, cell))
    for text in line.results:
        if text:
            yield from _problem(lambda text=text: literal(text))


def _problem(attempt: Any) -> Iterator[Message]:
    try:
        attempt()
    except Invalid as problem:
        yield problem.message


def _in_line(number: int, problem: Message) -> Message:
    return Message("Line %(number)s: %(problem)s", number=number, problem=problem)


def written(table: Table) -> str:
    """The table as a DMN file."""
    inputs = "".join(
        f'<input id="in_{at}" label={quoteattr(column.label)}><inputExpression id="expression_{at}">'
        f"<text>{escape(column.name)}</text></inputExpression></input>"
        for at, column in enumerate(table.inputs)
    )
    outputs = "".join(
        f'<output id="out_{at}" label={quoteattr(column.label)} name={quoteattr(column.name)}/>'
        for at, column in enumerate(table.outputs)
    )
    lines = "".join(_line(at, line) for at, line in enumerate(table.lines))
    english = f" guanxi:name-en={quoteattr(table.title_en)}" if table.title_en else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{DMN}" xmlns:guanxi="{OURS}" id="definitions" '
        f'name={quoteattr(table.title)} namespace="{OURS}">\n  <decision id={quoteattr(table.key)} '
        f'name={quoteattr(table.title)}{english}>\n    <decisionTable id="table" hitPolicy="{table.hit}">'
        f"{inputs}{outputs}{lines}</decisionTable>\n  </decision>\n</definitions>\n"
    )


def _line(at: int, line: Line) -> str:
    cells = "".join(
        f'<inputEntry id="cell_{at}_{n}"><text>{escape(cell or "-")}</text></inputEntry>'
        for n, cell in enumerate(line.cells)
    )
    results = "".join(
        f'<outputEntry id="result_{at}_{n}"><text>{escape(text)}</text></outputEntry>'
        for n, text in enumerate(line.results)
    )
    note = f"<description>{escape(line.note)}</description>" if line.note else ""
    return f'\n      <rule id="line_{at}">{note}{cells}{results}</rule>'


# ---- In use ----------------------------------------------------------------------------------------------------------


def in_use(key: str) -> DecisionTable:
    """The version of a table that is asked now; raises Conflict when it is not in use."""
    row = DecisionTable.objects.filter(key=key, state=DecisionTable.State.PUBLISHED).first()
    if row is None:
        raise Conflict(Message("The decision table “%(key)s” is not in use.", key=key))
    return row


def which_are_in_use(keys: Iterable[str]) -> set[str]:
    """Which of these tables are in use."""
    rows = DecisionTable.objects.filter(key__in=list(keys), state=DecisionTable.State.PUBLISHED)
    return set(rows.values_list("key", flat=True))


@lru_cache(maxsize=64)
def _kept(source: str) -> Table:
    return read(source)


def table_of(row: DecisionTable) -> Table:
    """What was written down, read once."""
    return _kept(row.source)


def fingerprint_of(source: str) -> str:
    """SHA-256 of the text."""
    return hashlib.sha256(source.encode()).hexdigest()


def new_version(source: str | bytes, at: datetime, by: Person | None = None, shipped: str = "") -> DecisionTable:
    """Keep a table as the next version of its kind, not yet in use. Raises Invalid for what is unsound."""
    text = decoded(source)
    table = read(text)
    with transaction.atomic():
        return DecisionTable.objects.create(
            key=table.key, number=DecisionTable.following(table.key), title=table.title, title_en=table.title_en,
            source=text, fingerprint=fingerprint_of(text)[:MARK], shipped=shipped,
            created_at=at, created_by=by, changed_at=at, changed_by=by,
        )  # fmt: skip


def rewrite(row: DecisionTable, source: str) -> None:
    """A draft says something else from now on. Its name and fingerprint change; the caller saves them.

    Raises Invalid for what is unsound, and for another table.
    """
    table = read(source)
    if table.key != row.key:
        raise Invalid({"table": [Message("The id of the table is %(key)s, and stays so.", key=row.key)]})
    # Not among the columns that the pipeline writes and tells of: the trail would hold the whole file, twice.
    DecisionTable.objects.filter(pk=row.pk).update(source=source)
    row.source, row.fingerprint = source, fingerprint_of(source)[:MARK]
    row.title, row.title_en = table.title, table.title_en


def of_cells(
    key: str, titles: tuple[str, str], hit: str, columns: tuple[Sequence[Column], Sequence[Column]],
    lines: Iterable[Line],
) -> Table:  # fmt: skip
    """A table from what was entered in a form. Raises Invalid for what is unsound."""
    table = Table(key, *titles, hit, tuple(columns[0]), tuple(columns[1]), tuple(lines))
    require_sound(table)
    return table
