"""Where everything random in the demo comes from."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from guanxi.demo.company_names import Companies
from guanxi.demo.people_names import Telephones


@dataclass(frozen=True)
class Sources:
    """One stream of chance, and names, codes and telephone numbers that occur once."""

    chance: Random
    companies: Companies
    phones: Telephones

    @classmethod
    def of(cls, seed: int) -> Sources:
        """The sources of one demo; the same seed gives the same demo."""
        chance = Random(seed)  # noqa: S311 - it must be repeatable, not secret
        return cls(chance, Companies(chance), Telephones(chance))
