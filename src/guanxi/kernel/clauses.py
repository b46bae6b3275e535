"""The clauses of the regulation that the program serves: each declared once, found by everything that names it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

CLAUSE = re.compile(r"[A-Z]{2,3}-\d{2}")


@dataclass(frozen=True)
class Area:
    """A part of the regulation. `last`: the number of its last clause."""

    key: str
    zh: str
    en: str
    last: int


#: The areas of the regulation by key, in the order in which the register shows them.
AREAS = {
    area.key: area
    for area in (
        Area("ARC", "客户档案", "customer archive", 45),
        Area("WF", "销售工作流程", "sales workflow", 29),
        Area("SEC", "查看与操作权限", "who may see and do what", 8),
        Area("SAL", "销售", "sales", 15),
        Area("VIS", "走访", "visits", 13),
        Area("SEG", "客户细分", "segments", 14),
        Area("GRD", "等级评定", "grading", 16),
        Area("KEY", "大客户", "key customers", 35),
        Area("REC", "信用与应收", "receivables and credit", 45),
        Area("SRV", "服务", "service", 18),
        Area("CMP", "营销活动", "campaigns", 17),
        Area("WH", "仓储", "warehouse", 23),
        Area("PRC", "业务流程", "processes", 35),
        Area("RPT", "报告与会议", "reports", 10),
        Area("TRN", "培训", "training", 9),
        Area("OFF", "办公", "office", 7),
        Area("CAN", "食堂", "canteen", 8),
        Area("CRM", "客户管理程序", "customer-management program", 53),
    )
}


class Kind(StrEnum):
    """What a clause asks of the program."""

    RULE = "rule"
    DEADLINE = "deadline"
    REMINDER = "reminder"
    APPROVAL = "approval"
    PERMISSION = "permission"
    RECORD = "record"
    WORKFLOW = "workflow"
    ANALYSIS = "analysis"
    REPORT = "report"
    PAGE = "page"


@dataclass(frozen=True)
class Clause:
    """One clause: its id, what it asks for, and its title in both languages.

    The titles are content of the regulation and no texts of the program, hence not in its catalogues.
    """

    id: str
    kind: Kind
    zh: str
    en: str

    def __post_init__(self) -> None:
        if not is_known(self.id):
            raise ValueError(f"the regulation has no clause {self.id!r}")
        if not self.zh.strip() or not self.en.strip():
            raise ValueError(f"the clause {self.id} needs a title in both languages")

    @property
    def area(self) -> Area:
        """The part of the regulation it stands in."""
        return AREAS[self.id.partition("-")[0]]


_declared: dict[str, Clause] = {}


def is_known(clause: str) -> bool:
    """Whether the regulation has a clause of this id."""
    area, _dash, number = clause.partition("-")
    return bool(CLAUSE.fullmatch(clause)) and area in AREAS and 1 <= int(number) <= AREAS[area].last


def declare(*clauses: Clause) -> None:
    """Make clauses known to the whole process. Raises ValueError for one that is declared already."""
    for clause in clauses:
        if clause.id in _declared:
            raise ValueError(f"the clause {clause.id} is declared twice")
        _declared[clause.id] = clause


def declared() -> tuple[Clause, ...]:
    """Every clause that the program serves, area by area, by number."""
    order = list(AREAS)
    return tuple(sorted(_declared.values(), key=lambda clause: (order.index(clause.area.key), clause.id)))


def find(clause: str) -> Clause | None:
    """The clause of that id; None where the program does not serve it."""
    return _declared.get(clause)


def ids_in(text: str) -> tuple[str, ...]:
    """The ids that a declaration names: one, or several with commas or blanks between them; none in other texts."""
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    return tuple(parts) if all(CLAUSE.fullmatch(part) for part in parts) else ()


def named(texts: Iterable[str]) -> frozenset[str]:
    """All ids that several declarations name."""
    return frozenset(clause for text in texts for clause in ids_in(text))
