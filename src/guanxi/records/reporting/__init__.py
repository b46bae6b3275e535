"""Reports over record types: what a person may see of them, grouped and calculated by the database (CRM-43, CRM-47).

`definition` is a report as it is kept; `tables` what it reads; `running` makes its `result`. All of it within the
rights of who reads, so that one definition shows everybody his own.
"""
