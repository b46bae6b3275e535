"""How the values of this room are drawn: grades as seals, states as tags, completeness as a bar."""

from guanxi.web import looks

_TONES = {
    "status": {"dealing": "green", "at_risk": "red", "lost": "red", "following": "blue"},
}


def declare_all() -> None:
    """Declare the looks of this room's fields; called once when the pages are read."""
    looks.declare("customers.customer", "demand_level", style="grade", strong=("A",))
    looks.declare("customers.customer", "importance", style="seal", strong=("important",))
    looks.declare("customers.customer", "status", tones=_TONES["status"])
    looks.declare("customers.customer", "completeness", style="bar")
    looks.declare("customers.contribution", "state", tones={"waiting": "amber", "filed": "green", "declined": ""})
    looks.declare("customers.marketflow", "went_to", tones={"us": "green", "competitor": "red"})
    looks.declare("customers.opinion", "kind", tones={"praise": "green", "dissatisfaction": "red"})
    looks.declare("customers.changeevent", "kind")
    looks.declare("customers.intelligencenote", "source")
    looks.declare("customers.need", "occasion")
    looks.declare("customers.datacheck", "finding", tones={"right": "green", "wrong": "red"})
    looks.declare("customers.archiveaccess", "state", tones={"given": "green"})
    looks.declare("customers.consent", "statement", tones={"given": "green", "withdrawn": "red", "objected": "red"})
    looks.declare("customers.poolentry", "demand_level", style="grade", strong=("A",))
    looks.declare("customers.poolentry", "state", tones={"free": "blue"})
    looks.declare("customers.poolentry", "cause")
