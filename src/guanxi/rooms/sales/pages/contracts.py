"""How contracts are drawn: what is signed bears green, what waits amber."""

from guanxi.web import looks

looks.declare(
    "sales.contract", "state",
    tones={"review": "amber", "approved": "blue", "signed": "green", "ended": "", "withdrawn": "red"},
)  # fmt: skip
