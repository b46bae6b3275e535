"""Compliance: what the regulation asks of whom by when, and how it is kept."""
