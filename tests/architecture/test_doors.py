"""A room is entered by its door: other rooms import `public` only. Imports stand at the top of a module."""

import ast
from functools import cache

import grimp

from tests.architecture.tree import name_of, python_files

# Imports inside functions: file (below src/guanxi) → why it cannot stand at the top.
LATE_IMPORTS: dict[str, str] = {
    "web/priced_paper.py": "the library of PDF is loaded by who writes one",
    "platform/calendar/working_days.py": "holidays reads every country of the world: half a second of the start",
    "config/commands/routes.py": "no other command needs the interface's routes",
    "api/door.py": "a process that is never called by a program does without the interface's 20 MB",
    "config/cli.py": "the commands use models, which exist only after Django's setup",
    "config/commands/agents.py": "the protocol is an extra: without it every other command works",
    "platform/files/chosen.py": "the client of object stores is an extra: without one nothing needs it",
    "platform/people/factors.py": "the library of security keys costs 10 MB: loaded when somebody uses a key",
    "platform/workflow/diagrams.py": "the XML library: loaded by who reads a diagram",
    "platform/workflow/interchange.py": "the same: loaded by who draws one",
    "platform/workflow/tokens.py": "the process engine: loaded when a process moves, by the process that moves it",
    "records/workbooks.py": "the library of workbooks is a tenth of the start: loaded by who writes one",
    "web/factors_page.py": "one page draws codes",
    "rooms/reports/actions/files.py": "the library of PDF: loaded by who writes one",
    "web/reports.py": "the library of PDF: loaded by who writes one",
    "kernel/icalendar_text.py": "the library of calendars: loaded by who brings or takes one",
    "rooms/engagement/pages/dav_xml.py": "the XML library: loaded at a calendar program's first question",
    "rooms/engagement/pages/phone.py": "one page draws codes",
    "rooms/engagement/pages/meetings.py": "the library of PDF: loaded by who writes one",
    "rooms/compliance/pages/report.py": "the library of PDF: loaded by who writes one",
    "rooms/dossiers/pages/labels.py": "the same",
    "rooms/dossiers/pages/signing.py": "the same",
    "rooms/integrations/upkeep.py": "the HTTP client costs 24 MB: loaded at the first delivery, by the worker only",
}


@cache
def import_graph() -> grimp.ImportGraph:
    """Which module of the product imports which when it runs; imports for types alone are left out."""
    return grimp.build_graph("guanxi", cache_dir=None, exclude_type_checking_imports=True)


def imports() -> list[tuple[str, str]]:
    """Every import inside the product: (importing module, imported module)."""
    graph = import_graph()
    return [(who, what) for who in graph.modules for what in graph.find_modules_directly_imported_by(who)]


def circles(graph: grimp.ImportGraph) -> list[str]:
    """The fewest imports between neighbours whose removal would leave every package without a circle."""
    packages = sorted({module.rpartition(".")[0] for module in graph.modules if "." in module})
    return [f"{who} -> {what}" for package in packages for who, what in graph.nominate_cycle_breakers(package)]


def test_nothing_imports_in_a_circle():
    sample = grimp.ImportGraph()
    for module in ("house", "house.one", "house.two"):
        sample.add_module(module)
    sample.add_import(importer="house.one", imported="house.two")
    assert circles(sample) == []
    sample.add_import(importer="house.two", imported="house.one")
    assert len(circles(sample)) == 1
    found = circles(import_graph())
    assert not found, "\n".join(["", *found])


def passes_the_door(who: str, what: str) -> bool:
    """Whether an import between two rooms goes through the other room's `public`."""
    if not (who.startswith("guanxi.rooms.") and what.startswith("guanxi.rooms.")):
        return True
    room, other = who.split(".")[2], what.split(".")[2]
    return room == other or what.split(".")[3:4] == ["public"]


def test_rooms_are_entered_by_their_door():
    assert not passes_the_door("guanxi.rooms.engagement.actions", "guanxi.rooms.customers.models")
    assert not passes_the_door("guanxi.rooms.engagement.actions", "guanxi.rooms.customers")
    assert passes_the_door("guanxi.rooms.engagement.actions", "guanxi.rooms.customers.public")
    assert imports()
    assert [f"{who} -> {what}" for who, what in imports() if not passes_the_door(who, what)] == []


def late_imports(source: str) -> list[int]:
    """The lines of imports inside functions, those of the standard library and of packages included."""
    return sorted(
        {
            node.lineno
            for function in ast.walk(ast.parse(source))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def loads_an_app(source_path: str) -> bool:
    """Whether a file may import late by its nature: `AppConfig.ready` is where Django wants it."""
    return source_path.endswith("/apps.py")


def test_imports_stand_at_the_top():
    assert late_imports("def f():\n    import os\n    return os") == [2]
    assert late_imports("import os\ndef f():\n    return os") == []
    found = [
        f"{name}:{line}"
        for path in python_files()
        for name in [name_of(path).removeprefix("src/guanxi/")]
        if name not in LATE_IMPORTS and not loads_an_app(name)
        for line in late_imports(path.read_text())
    ]
    assert not found, "\n".join(["", *found])
