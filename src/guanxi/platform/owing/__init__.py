"""What people owe by a day, in whichever table it stands: reminded of, told above when late, passed on by who leaves.

`ledgers` says what such a table has to know of itself; `upkeep` looks after all of them.
"""
