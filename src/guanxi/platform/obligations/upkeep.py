"""Recurring duties are opened when their period begins, without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Max

from guanxi.platform.calendar import local
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.obligations import rhythm
from guanxi.platform.obligations.keeping import Opening, open_many
from guanxi.platform.obligations.models import Round


@scheduled("obligations.open_recurring", every=timedelta(minutes=15))
def open_recurring(at: datetime) -> None:
    """Open the recurring duties of every period that has begun since the last one that was opened.

    What was missed while nothing ran is made up for, period by period. A clock that was set back opens nothing again.
    At first only the period is opened that can still be kept.
    """
    today = local(at).date()
    last = dict(Round.objects.order_by().values_list("duty").annotate(last=Max("opens_on")))
    for each in rhythm.all_recurring():
        found = each.rhythm_on(today)
        for turn in _due_rounds(found, last.get(each.duty.name), today):
            open_round(each, turn, at)


def _due_rounds(found: rhythm.Rhythm, last: date | None, today: date) -> Iterator[rhythm.Turn]:
    if last is not None:
        return rhythm.turns(found, last, today)
    now = found.turn(found.number_at(today))
    return iter([now] if now.due_on >= today else [])


def open_round(each: rhythm.Recurring, turn: rhythm.Turn, at: datetime) -> int:
    """Open one period's duties for everybody whom they concern; done again it opens what is missing."""
    openings = (_in_turn(opening, turn) for opening in each.listing(turn, at))
    opened = open_many(each.duty, openings, at)
    done = Round(
        duty=each.duty.name, turn=turn.key, opens_on=turn.opens_on, due_on=turn.due_on, opened=opened, opened_at=at
    )
    Round.objects.bulk_create([done], ignore_conflicts=True)
    return opened


def _in_turn(opening: Opening, turn: rhythm.Turn) -> Opening:
    return replace(opening, key=f"{turn.key}/{opening.key}", due_on=opening.due_on or turn.due_on)
