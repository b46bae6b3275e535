"""Industry packs: what a trade adds to the shipped record types, installed and removed by the administrator."""

from guanxi.rooms.administration.packs.agriculture import AGRICULTURE
from guanxi.rooms.administration.packs.hotel import HOTEL
from guanxi.rooms.administration.packs.liquor import LIQUOR
from guanxi.rooms.administration.packs.parts import Pack
from guanxi.rooms.administration.packs.power import POWER

PACKS = (LIQUOR, HOTEL, POWER, AGRICULTURE)


def pack(name: str) -> Pack:
    """The pack of that name; raises LookupError for any other."""
    for each in PACKS:
        if each.name == name:
            return each
    raise LookupError(name)
