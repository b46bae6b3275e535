"""Who may do what to which rows: roles, rights with a scope, and time-limited grants."""
