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
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, StrIndex

from guanxi.kernel.chinese.company import initials_core
from guanxi.kernel.chinese.pinyin import initials, pinyin
from guanxi.kernel.search import bigrams, normalise
from guanxi.platform.bulk import insert_many
from guanxi.records import disclosing, masking, registry
from guanxi.records.links import LINK_KINDS
from guanxi.records.models import SearchEntry
from guanxi.records.signposts import numbers_of

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.fields import FieldSpec
    from guanxi.records.module import Module
    from guanxi.records.registry import Registered

MAX_QUERY = 60
#: So many hits are looked up one by one, ranked and counted; more are many.
FEW = 2000
#: Rows of a list that are looked at for a page of many hits, and how many at once.
WALKED, STEP = 2400, 400
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


def texts_of(known: Registered, record: Any) -> tuple[str, str, str]:
    """The title, everything under which anybody can find the record, and what only finds it for who may read it."""
    title = str(getattr(record, known.module.title) or record)
    parts = [title, str(getattr(record, "number", ""))]
    personal: list[str] = []
    for name in known.search:
        spec = known.field(name)
        value = spec.value(record)
        if value in (None, "", ()):
            continue
        is_plain = spec.kind.name == "phone" or spec.kind.name in LINK_KINDS
        (personal if spec.personal else parts).append(str(value) if is_plain else spec.kind.text(spec, value))
    sounds = [pinyin(title), initials(title), initials_core(title)]
    return title[:TITLE_LIMIT], _normal([*parts, *sounds]), _normal(personal)


def _normal(parts: Iterable[str]) -> str:
    return "\n".join(text for text in dict.fromkeys(map(normalise, parts)) if text)


@cache
def mark_of(key: str) -> str:
    """Three signs that stand for a record type before each of its bigrams. Stored: never to be made another way."""
    number = zlib.crc32(key.encode())
    return "".join(_SIGNS[number // 36**place % 36] for place in range(3))


def index(known: Registered, records: Iterable[Any]) -> None:
    """Enter records that have no entry yet."""
    entries, mark = [], mark_of(known.module.key)
    records = list(records)
    former = numbers_of([record.pk for record in records])
    for record in records:
        title, text, personal = texts_of(known, record)
        text = "\n".join([text, *(normalise(number) for number in former.get(record.pk, ()))])
        parts = f"{text}\n{personal}".split("\n")
        entries.append(
            SearchEntry(
                module=known.module.key,
                record_id=record.pk,
                title=normalise(title),
                text=text,
                personal=personal,
                grams=" ".join(dict.fromkeys(mark + gram for part in parts for gram in bigrams(part))),
            )
        )
    insert_many(SearchEntry, entries)


def forget(records: Iterable[Any]) -> None:
    """Drop the entries of records that went to the recycle bin or are entered anew."""
    SearchEntry.objects.filter(record_id__in=[record.pk for record in records]).delete()


def words_of(query: str) -> list[str]:
    """The words of a query in the form they are kept in; what is beyond the limit is cut."""
    return normalise(query[:MAX_QUERY]).split()


def entries(ctx: Context, module: Module, words: list[str]) -> models.QuerySet[SearchEntry]:
    """The entries of a module whose texts contain every word; its personal texts only where the person may read."""
    found = _containing(ctx, module, words)
    grams = _grams(words)
    return found.filter(Q(id__in=_candidates(module, grams))) if grams else found


def _containing(ctx: Context, module: Module, words: list[str]) -> models.QuerySet[SearchEntry]:
    """The same without the index: for entries that are named otherwise."""
    found = SearchEntry.objects.filter(module=module.key)
    personal = _personal_reach(ctx, module)
    for word in words:
        contained = Q(text__contains=word)
        if personal is not None:
            contained |= Q(personal__contains=word) & personal
        found = found.filter(contained)
    return found


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


def _asked(module: Module, grams: list[str]) -> tuple[str, tuple[Any, ...]]:
    """The statement that finds the ids of a module's entries with all of these bigrams."""
    marked = [mark_of(module.key) + gram for gram in grams]
    if connection.vendor == "postgresql":
        return "SELECT id FROM records_searchentry WHERE string_to_array(grams, ' ') @> %s::text[]", (marked,)
    phrase = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in marked)
    return "SELECT rowid FROM records_searchfts WHERE records_searchfts MATCH %s", (phrase,)


def _candidates(module: Module, grams: list[str]) -> RawSQL:
    return RawSQL(*_asked(module, grams))  # noqa: S611 - a constant of ours with parameters


def are_many(module: Module, words: list[str]) -> bool:
    """Whether more than a few records of a module may contain the words; that of one sign each is taken to be so."""
    grams = _grams(words)
    if not grams:
        return True
    statement, parameters = _asked(module, grams)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({statement} LIMIT {FEW + 1}) AS found", parameters)  # noqa: S608
        return int(cursor.fetchone()[0]) > FEW


def matching(ctx: Context, rows: models.QuerySet[Any], module: Module, query: str) -> models.QuerySet[Any]:
    """Narrow a module's rows to those a query finds; an empty query finds all."""
    words = words_of(query)
    if not words:
        return rows
    if not module.can("search"):
        return _scanned(ctx, rows, module, words)
    return rows.filter(pk__in=entries(ctx, module, words).values("record_id"))


def first_of_many(
    ctx: Context, ordered: models.QuerySet[Any], module: Module, words: list[str], size: int
) -> list[Any] | None:
    """The ids of the first hits among rows in their order; None where too many rows would have to be looked at."""
    found: list[Any] = []
    containing = _containing(ctx, module, words)
    for start in range(0, WALKED, STEP):
        step = list(ordered.values_list("pk", flat=True)[start : start + STEP])
        hits = set(containing.filter(record_id__in=step).values_list("record_id", flat=True))
        found += [pk for pk in step if pk in hits]
        if len(found) >= size or len(step) < STEP:
            return found[:size]
    return None


def how_many(ctx: Context, rows: models.QuerySet[Any], module: Module, words: list[str]) -> int:
    """How many of the rows contain the words: exact for few, else up to a few and one more."""
    reached = rows.order_by().filter(pk=models.OuterRef("record_id"))
    return entries(ctx, module, words).filter(models.Exists(reached))[: FEW + 1].count()


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
            hits.extend(_find_in(ctx, module, words, limit))
    disclosing.asked(ctx, None, query, {}, len(hits), False)
    return hits


def _modules_with(words: list[str]) -> set[str] | None:
    """The record types of which any record may contain the words, in one look; None where that cannot be told."""
    grams = _grams(words)
    if not grams:
        return None
    parts, parameters = [], []
    for module in registry.modules():
        if module.can("search"):
            statement, given = _asked(module, grams)
            parts.append(f"SELECT %s WHERE EXISTS ({statement})")
            parameters += [module.key, *given]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {key for (key,) in cursor.fetchall()}


def _find_in(ctx: Context, module: Module, words: list[str], limit: int) -> list[Hit]:
    found = entries(ctx, module, words)
    condition = ctx.condition(module)
    if condition is None:
        return []
    if are_many(module, words):
        found = _newest(ctx, module, found, reaches_all=not condition)
    elif condition:
        few = list(found.values_list("record_id", flat=True))
        found = found.filter(record_id__in=list(ctx.search(module).filter(pk__in=few).values_list("pk", flat=True)))
    place = StrIndex(F("title"), Value(words[0]))
    ranked = found.annotate(
        place=models.Case(models.When(title__contains=words[0], then=place), default=Value(1000)),
        length=Length("title"),
    ).order_by("place", "length", "id")
    ids = list(ranked.values_list("record_id", flat=True)[:limit])
    note = _note_field(module)
    joined = [note.name] if note is not None and note.kind.name in LINK_KINDS else []
    rows = ctx.search(module).select_related(*joined).in_bulk(ids) if ids else {}
    return [_hit(module, rows[pk], note) for pk in ids if pk in rows]


def _newest(
    ctx: Context, module: Module, found: models.QuerySet[SearchEntry], *, reaches_all: bool
) -> models.QuerySet[SearchEntry]:
    """Of many entries found, the newest ones that the person may see: ranking all of them would take too long."""
    if not reaches_all:
        found = found.filter(models.Exists(ctx.search(module).filter(pk=models.OuterRef("record_id"))))
    return SearchEntry.objects.filter(id__in=list(found.order_by("-id").values_list("id", flat=True)[:FEW]))


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
