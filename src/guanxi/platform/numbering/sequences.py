"""Giving out document numbers without gaps and without doubles."""

from datetime import date

from django.db import transaction
from django.db.models import F

from guanxi.platform.numbering.models import Sequence
from guanxi.platform.numbering.patterns import NumberPattern
from guanxi.platform.prepared import Prepared


def next_numbers(name: str, pattern: NumberPattern | str, count: int, on: date) -> list[str]:
    """The next `count` document numbers of the series `name`, ascending, for documents dated `on`.

    `name`: which series, such as "customers.customer"; `pattern`: see NumberPattern; `count`: at least 1, else
    ValueError. Call it inside the transaction that saves the documents: the numbers return to the series when it rolls
    back, and others who want a number of the same series and period wait until it ends. So ask as late as possible, and
    for several series always in the same order. Raises Invalid for a pattern that is not understood.
    """
    if count < 1:
        raise ValueError(f"{count} numbers cannot be given out")
    shape = NumberPattern.parse(pattern) if isinstance(pattern, str) else pattern
    last = _advance(name, shape.period(on), count)
    return [shape.number(sequence, on) for sequence in range(last - count + 1, last + 1)]


def peek(name: str, pattern: NumberPattern | str, on: date) -> str:
    """The number that would come next, for showing only: somebody else may take it first."""
    shape = NumberPattern.parse(pattern) if isinstance(pattern, str) else pattern
    last = Sequence.objects.filter(name=name, period=shape.period(on)).values_list("last", flat=True).first()
    return shape.number((last or 0) + 1, on)


def _advance(name: str, period: str, count: int) -> int:
    series = Sequence.objects.filter(name=name, period=period)
    with transaction.atomic():
        # The UPDATE comes first: it takes the row's lock, so that the value read after it is ours alone.
        if not series.update(last=F("last") + count):
            # Of several first users one inserts; the others wait for it, insert nothing and find its row.
            Sequence.objects.bulk_create([Sequence(name=name, period=period)], ignore_conflicts=True)
            series.update(last=F("last") + count)
        return int(_LAST.first(name=name, period=period))


_LAST = Prepared(lambda name, period: Sequence.objects.filter(name=name, period=period).values_list("last", flat=True))
