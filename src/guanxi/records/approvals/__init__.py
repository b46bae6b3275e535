"""Approval of actions: what asks for one, the action that waits, and what becomes of it (ADR 0007)."""
