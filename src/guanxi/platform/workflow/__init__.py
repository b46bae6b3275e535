"""Processes: BPMN diagrams that run, the work they ask people for, and the trail of who did what.

Knows no records: what a process is about is a module's name and an id. Who starts one may register what is to happen
when it ends (`purposes`).
"""
