"""The command line of the measurement, and how it is told."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from tools.bench.measuring import ROOT

if TYPE_CHECKING:
    from tools.bench.measuring import Figure

DOCUMENT = ROOT / "docs" / "quality.md"


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table, with the ratio to the bare view where that means something."""
    view = next((figure for figure in figures if figure.name.startswith("bare Django")), None)
    lines = [
        "| what | wall ms | CPU ms | of it database | × bare view | goal | |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for figure in figures:
        is_page = ":" in figure.name or figure is view
        cells = (
            figure.name,
            f"{figure.wall_ms:,.1f}" if figure.wall_ms else "",
            f"{figure.both_ms:,.1f}" if figure.both_ms else "",
            f"{figure.database_ms:,.1f}" if figure.database_ms else "",
            f"{figure.both_ms / view.both_ms:.1f}" if is_page and view else "",
            figure.goal,
            figure.note,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def section(figures: list[Figure], load: float) -> str:
    """What docs/quality.md says of this run."""
    from django.db import connection

    from guanxi.platform.calendar import today
    from guanxi.rooms.customers.public import Contact, Customer
    from guanxi.rooms.engagement.models import FollowUp

    counts = ", ".join(
        f"{model._default_manager.count():,} {name}"
        for model, name in ((Customer, "customers"), (Contact, "contacts"), (FollowUp, "follow-ups"))
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT, check=False, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    begin, end = marks(connection.vendor)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    return (
        f"{begin}\n## Speed on {name}\n\n"
        f"Measured on {today():%Y-%m-%d} at commit {commit or '?'} with {counts}; {os.cpu_count()} cores, Python "
        f"{sys.version.split()[0]}, load average {load:.1f} before. One server process, one visitor, the whole page; "
        "CPU is that of the server and the database for one request, the ratios hold within this run.\n\n"
        f"{table(figures)}\n{end}\n"
    )


def marks(vendor: str) -> tuple[str, str]:
    """Between which lines of the document a database's table stands."""
    return f"<!-- bench {vendor}: begin -->", f"<!-- bench {vendor}: end -->"


def write(text: str, vendor: str) -> None:
    """Put the section into docs/quality.md, in place of the one that stands there."""
    before = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else "# Quality\n\n"
    begin, end = marks(vendor)
    pattern = re.compile(re.escape(begin) + ".*" + re.escape(end) + "\n", re.DOTALL)
    after = pattern.sub(lambda _found: text, before) if pattern.search(before) else f"{before.rstrip()}\n\n{text}"
    DOCUMENT.write_text(after, "utf-8")


def main(arguments: list[str]) -> int:
    """Runs the whole measurement in a temporary data folder, or in `--data` to go on with what was loaded there."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure the product on many customers.")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="of each kind")
    parser.add_argument("--import-rows", default="10000", help="sizes of the files to import, separated by commas")
    parser.add_argument("--storm", type=int, default=120, help="seconds of many writers at once; 0 for none")
    parser.add_argument(
        "--parts",
        help="only these, separated by commas: pages, exports, processes, storm, workflow, obligations, compliance, "
        "reports, chain, imports",
    )
    parser.add_argument("--data", help="a data folder to keep, or to use again")
    parser.add_argument("--write", action="store_true", help="write the table into docs/quality.md")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[1]
    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as folder:
        os.environ["GUANXI_DATA"] = options.data or folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
        import django

        django.setup()
        from django.db import connection

        from tools.bench.workload import PARTS, all_figures

        parts = options.parts.split(",") if options.parts else PARTS
        if unknown := set(parts) - set(PARTS):
            parser.error(f"no such part: {', '.join(sorted(unknown))}")
        sizes = [int(size) for size in options.import_rows.split(",") if size]
        figures = []
        for figure in all_figures(options.customers, options.requests, sizes, options.storm, parts):
            print(f"{figure.name}: {figure.both_ms:,.1f} ms CPU {figure.note}", file=sys.stderr, flush=True)
            figures.append(figure)
        text = section(figures, load)
        print(text)
        if options.write and len(parts) < len(PARTS):
            parser.error("only the whole table is written into the document")
        if options.write:
            write(text, connection.vendor)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
