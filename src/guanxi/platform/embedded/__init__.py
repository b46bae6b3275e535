"""The embedded database: Django's backend for SQLite, whose writers take turns in the order in which they came."""
