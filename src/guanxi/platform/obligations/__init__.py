"""Duties with a clock: who has to do what by when, under which clause, and what shows that it was done.

Knows no records: what a duty is about, and what discharged it, is a record type's name and an id.
"""
