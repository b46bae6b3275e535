"""Files have names that say what is in them, and nothing is left half done."""

import re

from tests.architecture.tree import SOURCE, name_of, python_files, repository_files, text_of

NAMELESS = {"common", "utils", "util", "helpers", "helper", "services", "service_layer", "misc", "base_utils"}
# Written in two parts so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def is_nameless(path: str) -> bool:
    """Whether a path has a part that could hold anything."""
    return any(part.removesuffix(".py").removesuffix(".html").lstrip("_") in NAMELESS for part in path.split("/"))


def test_no_file_is_named_after_nothing():
    assert is_nameless("src/guanxi/records/utils.py")
    assert is_nameless("src/guanxi/web/templates/common/list.html")
    assert not is_nameless("src/guanxi/rooms/service/models.py")
    assert [name_of(path) for path in repository_files() if is_nameless(name_of(path))] == []


def test_nothing_is_left_for_later():
    assert UNFINISHED.search("# TO" + "DO: later")
    assert not UNFINISHED.search("a todo list of the account manager")
    found = [
        f"{name_of(path)}:{number}"
        for path in repository_files()
        if path.suffix in {".py", ".html", ".js", ".mjs", ".css", ".sh", ".toml"} and "node_modules" not in path.parts
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, "\n".join(["", *found])


def test_every_source_folder_is_a_package():
    """A folder of modules without `__init__.py` would escape the import contracts."""
    folders = {path.parent for path in python_files()}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
    assert (SOURCE / "__init__.py").exists()
