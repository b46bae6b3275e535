"""How fast the product is on many customers: `python -m tools.bench --customers 100000 [--write]`.

Everything is measured in one run on one machine, beside the bare query and the bare framework, because only the ratios
mean anything elsewhere. CPU seconds of the answering processes and of the database's are read from /proc, for wall time
carries the noise of other work. `--write` puts the table of this database into docs/quality.md.
"""
