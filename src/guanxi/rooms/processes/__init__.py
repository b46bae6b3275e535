"""Processes and approvals: what waits for whom, what was asked for, and how processes are drawn."""
