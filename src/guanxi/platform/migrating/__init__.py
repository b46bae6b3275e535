"""How a database is brought to the version of the program, in a third of Django's time for it (ADR 0066)."""
