"""The description of one record type: everything list, form, search, import, export, rights and menu follow from.

A new record type is one model class, one `Module`, and a migration. See docs/how-to/add-a-record.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models

from guanxi.kernel.confidentiality import DataClass

if TYPE_CHECKING:
    from guanxi.kernel.decision import Decision
    from guanxi.records.actions import Action
    from guanxi.records.context import Context

#: Abilities a module may opt out of by naming them in `without`.
ABILITIES = frozenset(
    {
        "create", "edit", "copy", "delete", "assign", "merge", "import_rows", "export_rows", "history", "search",
        "inline_edit",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A headed group of fields on the form and the detail page."""

    label: Any
    fields: tuple[str, ...]
    help: Any = ""
    #: Under which the company's settings know it, where it is not its English heading.
    key: str = ""
    #: Two blocks side by side, as the beginnings of their fields' names: each can be copied to the other on the form.
    mirrored: tuple[str, ...] = ()


@dataclass(frozen=True)
class SameAs:
    """A key under which two records are likely the same thing: a field, made comparable by `key`.

    `strict` refuses a second record outright; otherwise the person is warned and may go on.
    """

    field: str
    label: Any
    key: Callable[[Any], str] = str
    strict: bool = False
    clause: str = ""

    @property
    def name(self) -> str:
        return self.field


@dataclass(frozen=True)
class Related:
    """A list of other records below a record: the other module's key and its link back."""

    module: str
    link: str
    label: Any = ""
    columns: tuple[str, ...] = ()


#: See `Lines.complete`.
LineRule = Callable[["Context", dict[str, Any], Any, Sequence[tuple[Any, dict[str, Any]]]], dict[str, Any]]


@dataclass(frozen=True)
class Lines:
    """The lines of a document: rows that live and die with it and are edited on its form."""

    model: type[Any]  # a subclass of Row
    parent: str
    columns: tuple[str, ...]
    label: Any
    unique: tuple[str, ...] = ()
    #: Text columns that are chosen and read by the names of a picklist: name to picklist.
    named: Mapping[str, str] = field(default_factory=dict)
    #: Before which section of the form the lines stand, counted from 0; after all of them where it is not said.
    before: int | None = None
    #: The template of what stands below the lines, on form and page: their sums.
    sums: str = ""
    #: The column that keeps the place of a line where people put the lines in order; without it they stand as entered.
    order: str = ""
    #: Works out what follows from the lines, for them and for their document: (context, the document's values, the
    #: record or None, each line's standing row or None with its values) to the document's values.
    complete: LineRule | None = None
    #: What lines are offered for what was chosen in their first column: (context, the rows chosen, values of the form
    #: as entered) to {id: {column: text}}.
    offer: Callable[[Context, Sequence[Any], Mapping[str, str]], Mapping[str, Mapping[str, str]]] | None = None

    @property
    def sort(self) -> tuple[str, ...]:
        """The order in which the lines stand."""
        return (self.order, "pk") if self.order else ("pk",)


@dataclass(frozen=True)
class Computed:
    """A figure shown beside the stored fields and worked out from them: never stored, never entered."""

    name: str
    label: Any
    figure: Callable[[Any], Any]
    kind: str = "text"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A list view that ships with the module and shows as a tab.

    `filters` is a tree of the filter language, or a function of the context where it depends on a parameter.
    """

    name: str
    label: Any
    filters: Mapping[str, Any] | Callable[[Context], Mapping[str, Any]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True)
class Menu:
    """Where the module stands in the menu: the group's key, and its order in the group."""

    group: str
    order: int = 100
    create: bool = True
    #: Types of different rooms that name the same tab stand as inner tabs above each other's lists.
    tab: str = ""


@dataclass(frozen=True)
class Lifecycle:
    """The states a record passes through. `field` is the model's state column; actions name the moves."""

    field: str
    initial: str
    locked: tuple[str, ...] = ()  # states in which plain editing is refused


#: A judgement before a record is saved: (context, record as it would be, changed field names) to a Decision.
RecordRule = Callable[["Context", Any, frozenset[str]], "Decision"]
#: The same of many at once: (context, pairs of a record as it would be and its changed field names) to their Decisions.
SetRule = Callable[["Context", Sequence[tuple[Any, frozenset[str]]]], Sequence["Decision"]]


@dataclass(frozen=True, kw_only=True)
class Module:
    """One record type as the engine knows it.

    `data_class` is how confidential its fields are; `classes` names the fields that differ, and every telephone number,
    e-mail address and postal address, about which somebody has to have thought. `personal` are those of a natural
    person: clear only for whom the right "reveal" reaches the record, see `records.masking`.

    `profile` names the line of the rights table that applies (see rooms/administration/roles.py); `scope_through` is
    the link whose owner decides who may see the record (rights follow the customer, not the creator). `private` is the
    column by which an owner keeps a record to himself and those to whom it was granted, however far others' rights go.
    """

    model: type[Any]  # a subclass of Row
    icon: str
    data_class: DataClass
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    classes: Mapping[str, DataClass] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    title: str = "name"
    profile: str = "customer"
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    same_as: tuple[SameAs, ...] = ()
    related: tuple[Related, ...] = ()
    lines: Lines | None = None
    computed: tuple[Computed, ...] = ()
    actions: tuple[Action, ...] = ()
    menu: Menu | None = None
    scope_through: str = ""
    private: str = ""
    #: Whether its owner reaches a record also where he no longer reaches what it is scoped through: his own mail, say.
    owner_keeps: bool = False
    #: Rows that whoever sees any of the type sees, whoever's they are, by values of columns: what was published, say.
    shared: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    views: tuple[View, ...] = ()
    sort: str = "-changed_at"
    lifecycle: Lifecycle | None = None
    rules: tuple[RecordRule, ...] = ()
    #: Rules that ask the database: asked once of all records that are written together.
    set_rules: tuple[SetRule, ...] = ()
    #: Completes entered values before they are judged: (context, values, record or None) to values.
    prepare: Callable[[Context, dict[str, Any], Any], dict[str, Any]] | None = None
    #: What an empty form starts with, beside the defaults of the columns.
    starts: Callable[[Context], Mapping[str, Any]] | None = None
    #: Text columns of the platform that hold several values of a picklist: name to picklist.
    listed: Mapping[str, str] = field(default_factory=dict)
    #: Text columns that hold one value of a picklist which only a room can name: name to picklist.
    chosen: Mapping[str, str] = field(default_factory=dict)
    #: Fields that are set by actions only: shown, never on the form.
    read_only: tuple[str, ...] = ()
    #: Columns that the engine neither shows nor filters, sorts, exports or records the change of: secrets.
    hidden: tuple[str, ...] = ()
    #: Column headings of other systems and of daily speech, for the import's suggestions.
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := set(self.without) - ABILITIES:
            raise ValueError(f"{self.key}: cannot opt out of {sorted(unknown)}")

    @property
    def key(self) -> str:
        """The name of the record type everywhere: "customers.customer"."""
        return self.model._meta.label_lower

    @property
    def names(self) -> tuple[str, ...]:
        """Under which names rights reach it: its own, and its line of rights ("@customer")."""
        return self.key, f"@{self.profile}"

    @property
    def app(self) -> str:
        return self.model._meta.app_label

    @property
    def noun(self) -> str:
        return self.model._meta.model_name or ""

    @property
    def label(self) -> Any:
        return self.model._meta.verbose_name

    @property
    def label_plural(self) -> Any:
        return self.model._meta.verbose_name_plural

    @property
    def has_owner(self) -> bool:
        return has_column(self.model, "owner")

    def can(self, ability: str) -> bool:
        return ability not in self.without


def has_column(model: type[models.Model], name: str) -> bool:
    """Whether a model stores a field of that name."""
    return any(column.name == name for column in model._meta.concrete_fields)
