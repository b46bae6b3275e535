"""Writes docs/operations/data-classes.md: how confidential each table is, and which of its columns differ.

The classes are declared beside the tables (`Module(data_class=…, classes=…)`, or on the model); the page follows.
"""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "operations" / "data-classes.md"

INTRODUCTION = """# Data classes

Written by `make regulation` from the code; see `guanxi.kernel.confidentiality` for the meaning of C0 to C3.

Columns that the engine keeps of every record (who made, changed, owns it, and when) are C1 unless named. *Personal*
columns are clear only for whom the right `reveal` reaches the record, and masked for everybody else. C3 columns are
encrypted where they are kept and masked for everybody; `reveal` shows one of them, once, for a reason, and on record.

| table | class | columns that differ | personal |
| --- | --- | --- | --- |
"""


def rows() -> Iterator[str]:
    """One line of the table for each table of ours, in the order of their names."""
    from django.apps import apps

    from guanxi.records import registry

    for model in sorted(apps.get_models(), key=lambda model: model._meta.label_lower):
        if not model.__module__.startswith("guanxi."):
            continue
        module = registry.find(model._meta.label_lower)
        if module is not None:
            table, special, personal = module.data_class, module.classes, module.personal
        else:
            table, special, personal = vars(model)["data_class"], vars(model).get("classes", {}), ()
        differing = ", ".join(f"{name}: {cls.name}" for name, cls in special.items() if cls is not table)
        yield f"| `{model._meta.label_lower}` | {table.name} | {differing} | {', '.join(personal)} |"


def page() -> str:
    """The whole page."""
    return INTRODUCTION + "\n".join(rows()) + "\n"


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django

    django.setup()
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
