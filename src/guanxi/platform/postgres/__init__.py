"""The database server: Django's backend for PostgreSQL, and statements that the server parses and plans once."""
