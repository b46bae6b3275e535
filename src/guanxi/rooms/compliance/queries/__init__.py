"""What this room asks: how a duty stands, the register of clauses, the figures of how they are kept, the evidence."""

from guanxi.rooms.compliance.queries.owed import course_of, is_broken, named, standing

__all__ = ["course_of", "is_broken", "named", "standing"]
