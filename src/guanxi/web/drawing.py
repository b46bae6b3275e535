"""Markup made in Python: the small pieces of which a page has hundreds, and the rows of lists.

A template's macro costs about twenty times what a function costs here; everything else is written in templates.
Whatever comes from outside passes `escape`, and `web/components.html` offers these pieces to the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from markupsafe import Markup, escape

from guanxi.web.static_files import static

if TYPE_CHECKING:
    from guanxi.records.listing import Column
    from guanxi.web.cells import Line

NOTHING = Markup('<span class="none">—</span>')

#: Beyond so many characters a cell may be cut off by its column, and says all of it when pointed at.
LONG_TEXT = 18
#: A phone shows so many columns of a row; the rest is on the record's page.
PHONE_COLUMNS = 5


def _made(text: str) -> Markup:
    """What was put together here, every part from outside escaped."""
    return Markup(text)  # noqa: S704 - the one place, see above


@cache
def icon(name: str, cls: str = "") -> Markup:
    """One of icons.json; decoration only: give the control around it a name."""
    address = f"{static('build/icons.svg')}#ti-{name}"
    return Markup('<svg class="ti{}" aria-hidden="true"><use href="{}"/></svg>').format(
        f" {cls}" if cls else "", address
    )


def tag(text: object, tone: str = "") -> Markup:
    """A word in a frame; tones: "" (neutral), red, green, amber, blue."""
    return _made(f'<span class="tag{f" {escape(tone)}" if tone else ""}">{escape(text)}</span>')


def grade(text: object, strong: bool = False, title: object = "") -> Markup:
    """A grade in a row of a list; strong draws it in red."""
    cls = f"grade{' a' if strong else ''}{' long' if len(str(text)) > 2 else ''}"
    told = f' title="{escape(title)}"' if title else ""
    return _made(f'<span class="{cls}"{told}>{escape(text)}</span>')


def bar(percent: Any, hot: bool = False) -> Markup:
    """A small bar in a cell of a list; `percent` from 0 to 100."""
    used = min(max(float(percent), 0.0), 100.0)
    label = f"{round(percent)}%"
    return _made(
        f'<svg class="bar" role="img"><title>{label}</title>'
        '<rect class="ground" width="100%" height="100%"/>'
        f'<rect class="{"hot" if hot else "fill"}" width="{used:g}%" height="100%" rx="2"/></svg>'
    )


def link(text: object, href: str, cls: str = "") -> Markup:
    """A text that leads somewhere."""
    return _made(f'<a href="{escape(href)}"{f" class={chr(34)}{cls}{chr(34)}" if cls else ""}>{escape(text)}</a>')


def plain(text: str) -> Markup:
    """A text as it is, a dash for none."""
    return escape(text) if text else NOTHING


def yes_or_no(value: object) -> Markup:
    """A tick for yes, which screen readers say; a dash for no."""
    if not value:
        return NOTHING
    return _made(f'{icon("check")}<span class="hide-visually">{escape(gettext("Yes"))}</span>')


def kept(template: str, **given: Hashable) -> Markup:
    """A template drawn from values that compare by content, and kept: the same values draw the same in one language.

    There is nothing to forget and nothing to mix up between people: whatever the part shows is among the values.
    """
    if settings.DEBUG:
        return _drawn.__wrapped__(template, get_language(), tuple(given.items()))
    return _drawn(template, get_language(), tuple(given.items()))


@lru_cache(maxsize=1000)
def _drawn(template: str, language: str | None, given: tuple[tuple[str, Hashable], ...]) -> Markup:
    return _made(render_to_string(template, dict(given)))


# ---- Rows of lists ---------------------------------------------------------------------------------------------------


def rows(lines: Sequence[Line], columns: Sequence[Column], *, tools: bool = False) -> Markup:
    """The body of a list's table. `tools`: with a box to choose the row, cells to edit in place and a menu of verbs.

    The menu follows from the row's id and `data-may`: js/rows.js makes it from the page's one template.
    """
    opened = [_cell_opener(column, place) for place, column in enumerate(columns, start=1)]
    choose = _chooser() if tools else None
    parts: list[str] = []
    for line in lines:
        parts.append(_row_start(line))
        if choose:
            parts.append(choose(line))
        for cell, start in zip(line.cells, opened, strict=True):
            title = cell.title or (cell.text if len(cell.text) > LONG_TEXT else "")
            told = f' title="{escape(title)}"' if title else ""
            editing = f' data-gx-edit="{cell.edit}"' if cell.edit else ""
            parts.append(f"{start(cell.is_primary, bool(cell.edit), not cell.text)}{told}{editing}>{cell.drawn}</td>")
        parts.append('<td class="acts"></td></tr>\n' if tools else "</tr>\n")
    return _made("".join(parts))


def _row_start(line: Line) -> str:
    may = " ".join(name for name, given in (("edit", line.may_edit), ("delete", line.may_delete)) if given)
    return f'<tr data-pk="{line.record.pk}"{f" data-may={chr(34)}{may}{chr(34)}" if may else ""}>'


def _cell_opener(column: Column, place: int) -> Callable[[bool, bool, bool], str]:
    """What a cell of a column begins with: worked out once for each kind of cell, not once for each row."""
    label = escape(capfirst(str(column.label)))

    @cache
    def start(is_primary: bool, is_editable: bool, is_blank: bool) -> str:
        names = (
            ("num", column.numeric),
            ("primary", is_primary),
            ("editable", is_editable),
            ("blank", is_blank),
            ("off-phone", place > PHONE_COLUMNS and not is_primary),
        )
        cls = " ".join(name for name, applies in names if applies)
        named = "" if is_primary or place > PHONE_COLUMNS else f' data-label="{label}"'
        return f"<td{f' class={chr(34)}{cls}{chr(34)}' if cls else ''}{named}"

    return start


def _chooser() -> Callable[[Line], str]:
    words = escape(gettext("Select %(title)s"))

    def choose(line: Line) -> str:
        label = words % {"title": line.title}
        return f'<td class="pick"><input type="checkbox" name="pk" value="{line.record.pk}" aria-label="{label}"></td>'

    return choose
