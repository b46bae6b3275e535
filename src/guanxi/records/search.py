"""Finding records by any piece of their text: Chinese of any length, pinyin, initials, digits.

Each record has one `SearchEntry`: its normalised text, and the distinct bigrams of that text separated by blanks, each
behind the mark of its record type. A query's bigrams give candidates through an inverted index (FTS5 on SQLite, GIN on
PostgreSQL); the text itself is then checked; hits are ranked by where in the title the words stand and how long the
title is.

What many records contain is found the other way round: a list looks at its rows in their order until its page is full,
a ranking takes the newest hits, and a number is told up to a limit. Each costs the same however many hits there are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from guanxi.kernel.chinese.company import initials_core
from guanxi.kernel.chinese.pinyin import initials, pinyin
from guanxi.kernel.search import bigrams, normalise, pairs_of
from guanxi.platform import prepared
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.records import disclosing, masking, registry
from guanxi.records.links import LINK_KINDS
from guanxi.records.models import SearchEntry
from guanxi.records.scoped import Scoped
from guanxi.records.signposts import numbers_of

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.fields import FieldSpec
    from guanxi.records.module import Module
    from guanxi.records.registry import Registered

MAX_QUERY = 60
#: So many hits are looked up one by one; more are many, of which the newest so many are ranked.
FEW, RANKED = 2000, 500
#: So many hits are asked for at once whether the person may see them.
CHECKED = 200
#: Rows of a list that are looked at for a page of many hits.
WALKED = 2400
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
TITLE_LIMIT = 300


@dataclass(frozen=True)
class Hit:
    """One found record, enough for a result line."""

    module: Module
    record_id: Any
    title: str
    number: str
    note: str


def title_of(known: Registered, record: Any) -> str:
    """The name under which a record is found and ranked, at most 300 characters."""
    return str(getattr(record, known.module.title) or record)[:TITLE_LIMIT]


def _texts(record: Any, title: str, specs: Iterable[FieldSpec]) -> tuple[str, str]:
    """Everything under which anybody can find the record, and what only finds it for who may read it."""
    parts = [title, str(getattr(record, "number", ""))]
    personal: list[str] = []
    for spec in specs:
        value = spec.value(record)
        if value in (None, "", ()):
            continue
        is_plain = spec.kind.name == "phone" or spec.kind.name in LINK_KINDS
        (personal if spec.personal else parts).append(str(value) if is_plain else spec.kind.text(spec, value))
    sounds = [pinyin(title), initials(title), initials_core(title)]
    return _normal([*parts, *sounds]), _normal(personal)


def _normal(parts: Iterable[str]) -> str:
    return "\n".join(text for text in dict.fromkeys(map(normalise, parts)) if text)


@cache
def mark_of(key: str) -> str:
    """Three signs that stand for a record type before each of its bigrams. Stored: never to be made another way."""
    number = zlib.crc32(key.encode())
    return "".join(_SIGNS[number // 36**place % 36] for place in range(3))


def index(known: Registered, records: Iterable[Any]) -> None:
    """Enter records that have no entry yet."""
    mark, specs = mark_of(known.module.key), [known.field(name) for name in known.search]
    records = list(records)
    former = numbers_of([record.pk for record in records])
    entries = new_rows(SearchEntry, len(records), module=known.module.key)
    for record, entry in zip(records, entries, strict=True):
        title = str(getattr(record, known.module.title) or record)
        text, personal = _texts(record, title, specs)
        text = "\n".join([text, *(normalise(number) for number in former.get(record.pk, ()))])
        entry.record_id, entry.title = record.pk, normalise(title[:TITLE_LIMIT])
        entry.text, entry.personal = text, personal
        pairs = pairs_of(f"{text}\n{personal}")
        entry.grams = mark + f" {mark}".join(pairs) if pairs else ""
    # The index is kept by a trigger: row by row it would begin a new piece of itself each time.
    insert_many(SearchEntry, entries, at_once=True)


def forget(records: Iterable[Any]) -> None:
    """Drop the entries of records that went to the recycle bin or are entered anew."""
    SearchEntry.objects.filter(record_id__in=[record.pk for record in records]).delete()


def words_of(query: str) -> list[str]:
    """The words of a query in the form they are kept in; what is beyond the limit is cut."""
    return normalise(query[:MAX_QUERY]).split()


def entries(ctx: Context, module: Module, words: list[str]) -> models.QuerySet[SearchEntry]:
    """The entries of a module whose texts contain every word; its personal texts only where the person may read."""
    return _entries(ctx, module.key, words, _asked(module.key, words))


def _entries(ctx: Context, key: str, words: list[str], asked: str = "") -> models.QuerySet[SearchEntry]:
    """The same; `asked`: what the index is asked, "" for nothing."""
    # What the index is asked names the record type: asked for it once more, the database would look in two indexes.
    found = SearchEntry.objects.filter(_answers(asked) if asked else Q(module=key))
    personal = _personal_reach(ctx, registry.module(key))
    for word in words:
        contained = Q(_contains("text", word))
        if personal is not None:
            contained |= Q(_contains("personal", word)) & personal
        found = found.filter(contained)
    return found


def _contains(column: str, word: str) -> GreaterThan:
    return GreaterThan(StrIndex(F(column), Value(word)), 0)


def _grams(words: list[str]) -> list[str]:
    return list(dict.fromkeys(gram for word in words if len(word) > 1 for gram in bigrams(word)))


def _personal_reach(ctx: Context, module: Module) -> Q | None:
    """The entries whose personal text the person may search; None where there is nothing of the kind."""
    if not registry.entry(module).personal:
        return None
    if masking.covers(ctx, module):
        return Q()
    ids = masking.readable_ids(ctx, module)
    return None if ids is None else Q(record_id__in=ids)


#: By database: the entries that have all the bigrams which are asked for.
_INDEX = {
    "sqlite": "SELECT rowid FROM records_searchfts WHERE records_searchfts MATCH %s",
    "postgresql": "SELECT id FROM records_searchentry WHERE string_to_array(grams, ' ') @> string_to_array(%s, ' ')",
}


def _answers(asked: str) -> Any:
    """The condition that an entry has all the bigrams which are asked for, so that the index tells."""
    if connection.vendor == "postgresql":
        return _HasAll(F("grams"), Value(asked))
    return Q(id__in=RawSQL(_INDEX["sqlite"], (asked,)))  # noqa: S611 - a constant of ours


class _HasAll(models.Func):
    template = "string_to_array(%(expressions)s, ' ')"
    arg_joiner = ", ' ') @> string_to_array("
    output_field = models.BooleanField()


def _asked(key: str, words: list[str]) -> str:
    """What the index is asked for entries of a record type with all bigrams of the words; "" where they have none."""
    marked = [mark_of(key) + gram for gram in _grams(words)]
    if connection.vendor == "postgresql":
        return " ".join(marked)
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in marked)


def _are_many(key: str, asked: str) -> bool:
    """Whether more than a few entries answer to it."""
    counted = f"SELECT COUNT(*) FROM ({_INDEX[connection.vendor]} LIMIT {FEW + 1}) AS found"  # noqa: S608
    return int(prepared.asked(connection, counted, [asked])[0][0]) > FEW


_KEYS = Scoped(
    lambda ctx, key, asked, words: _entries(ctx, key, words, asked).order_by("id").values_list("record_id", flat=True)
)


def few(ctx: Context, module: Module, words: list[str]) -> list[Any] | None:
    """The ids of the records that contain the words, whoever may see them; None where they may be many."""
    asked = _asked(module.key, words)
    if not asked or _are_many(module.key, asked):
        return None
    return _KEYS.rows(ctx, module.key, asked=asked, words=words)


def matching(ctx: Context, rows: models.QuerySet[Any], module: Module, query: str) -> models.QuerySet[Any]:
    """Narrow a module's rows to those a query finds; an empty query finds all."""
    words = words_of(query)
    if not words:
        return rows
    if not module.can("search"):
        return _scanned(ctx, rows, module, words)
    return rows.filter(pk__in=entries(ctx, module, words).values("record_id"))


def containing(ctx: Context, key: str, words: list[str]) -> models.lookups.IsNull:
    """The condition that a row of a module contains the words, asked of one row after the other.

    A plain subquery it is so that no database turns it round: a list that goes through its rows in their order, until
    its page is full, looks at few of them.
    """
    entry = _entries(ctx, key, words).filter(record_id=models.OuterRef("pk")).order_by().values("id")[:1]
    return models.lookups.IsNull(models.Subquery(entry), False)


def how_many(ctx: Context, rows: models.QuerySet[Any], module: Module, words: list[str], cap: int) -> int:
    """How many of the rows contain the words, counted up to the cap and one more."""
    reached = rows.order_by().filter(pk=models.OuterRef("record_id"))
    return entries(ctx, module, words).filter(models.Exists(reached))[: cap + 1].count()


def _scanned(ctx: Context, rows: models.QuerySet[Any], module: Module, words: list[str]) -> models.QuerySet[Any]:
    """Rows of a module outside the index, found by comparing its columns: for small tables of the platform."""
    known = registry.entry(module)
    names = [name for name in (module.title, *known.search) if known.field(name).kind.name not in LINK_KINDS]
    if not masking.covers(ctx, module):
        names = [name for name in names if name not in known.personal]
    paths = [known.field(name).lookup for name in names]
    for word in words:
        rows = rows.filter(Q(*[(f"{path}__icontains", word) for path in paths], _connector=Q.OR))
    return rows


def find(ctx: Context, query: str, *, modules: Iterable[Module] = (), limit: int = 8) -> list[Hit]:
    """The best hits of each module the person may see: title begins with it, then early in it, then short."""
    words = words_of(query)
    if not words:
        return []
    hits: list[Hit] = []
    possible = _modules_with(words)
    for module in modules or registry.modules():
        if (possible is None or module.key in possible) and module.can("search") and ctx.may(module):
            are_many = possible is None or possible[module.key] > FEW
            hits.extend(_find_in(ctx, module, words, limit, are_many))
    disclosing.asked(ctx, None, query, {}, len(hits), False)
    return hits


def _modules_with(words: list[str]) -> dict[str, int] | None:
    """How many entries of each record type may contain the words, up to a few; None where that cannot be told."""
    if not _grams(words):
        return None
    keys = [module.key for module in registry.modules() if module.can("search")]
    # Both databases call what stands in the rows column1 and column2.
    found = _INDEX[connection.vendor].replace("%s", "each.column2")
    counted = f"SELECT COUNT(*) FROM ({found} LIMIT {FEW + 1}) AS found"  # noqa: S608
    rows = ", ".join(["(%s, %s)"] * len(keys))
    values = [value for key in keys for value in (key, _asked(key, words))]
    statement = f"SELECT column1, ({counted}) FROM (VALUES {rows}) AS each"  # noqa: S608
    return {key: count for key, count in prepared.asked(connection, statement, values) if count}


def _find_in(ctx: Context, module: Module, words: list[str], limit: int, are_many: bool) -> list[Hit]:
    condition = ctx.condition(module)
    if condition is None:
        return []
    asked = _asked(module.key, words)
    if are_many:
        entered = _newest(ctx, module, words, reaches_all=not condition)
    else:
        entered = _TITLES.rows(ctx, module.key, asked=asked, words=words)
    keys = [key for key, _title in sorted(entered, key=partial(_rank, words[0]))]
    # Few people see everything: who does not is asked for the best hits first, then for the next ones.
    rows, note = {}, _note_field(module)
    joined = (note.name,) if note is not None and note.kind.name in LINK_KINDS else ()
    at_once = limit if not condition else CHECKED
    for start in range(0, len(keys), at_once):
        part = keys[start : start + at_once]
        rows.update({row.pk: row for row in _HITS.rows(ctx, module.key, joined, keys=part)})
        if len(rows) >= limit:
            break
    return [_hit(module, rows[key], note) for key in keys if key in rows][:limit]


def _rank(word: str, entered: tuple[Any, str]) -> tuple[int, int]:
    """Where in the title the word stands, then how long the title is."""
    _key, title = entered
    place = title.find(word)
    return (place if place >= 0 else TITLE_LIMIT, len(title))


def _newest(ctx: Context, module: Module, words: list[str], *, reaches_all: bool) -> list[tuple[Any, str]]:
    """Of many entries, the newest ones that the person may see: ranking all of them would take too long."""
    found = entries(ctx, module, words)
    if not reaches_all:
        found = found.filter(models.Exists(ctx.search(module).filter(pk=models.OuterRef("record_id"))))
    return list(found.order_by("-id").values_list("record_id", "title")[:RANKED])


_TITLES = Scoped(
    lambda ctx, key, asked, words: _entries(ctx, key, words, asked).order_by("id").values_list("record_id", "title")
)
_HITS = Scoped(lambda ctx, key, joined, keys: ctx.search(key).select_related(*joined).filter(pk__in=keys))


def _note_field(module: Module) -> FieldSpec | None:
    """What stands beside a hit's name: whom the record belongs to, else its first plain column."""
    fields = registry.entry(module).fields
    # A linked record is none of a result line's business, unless it is what the record belongs to.
    plain = [name for name in module.columns if name in fields and fields[name].kind.name != "link"]
    named = (name for name in (module.scope_through, *plain) if name and name not in (module.title, "number"))
    return fields.get(next(named, ""))


def _hit(module: Module, row: Any, note_field: FieldSpec | None) -> Hit:
    note = note_field.text(row) if note_field else ""
    return Hit(module, row.pk, str(getattr(row, module.title) or row), str(getattr(row, "number", "")), note)
