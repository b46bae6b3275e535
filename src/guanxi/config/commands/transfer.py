"""Records in from a file and out to a file, without the pages."""

from argparse import Namespace
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.config.commands.actors import acting
from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.records import problems, registry
from guanxi.records.exporting import FORMATS, export_file
from guanxi.records.importing.running import import_file
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.module import Module

#: So many refused rows are told one by one; the import's page offers all of them as a file.
REFUSED_TOLD = 20


def module_named(word: str) -> Module:
    """The record type of that key ("customers.customer"), or of that noun where only one has it ("customer").

    Raises:
        Invalid: none or several are meant; the message names those that there are.
    """
    known = {module.key: module for module in registry.modules()}
    found = [module for key, module in known.items() if word in (key, module.noun)]
    if len(found) != 1:
        raise Invalid(
            Message("“%(word)s” is not one record type. There are: %(known)s.", word=word, known=tuple(sorted(known)))
        )
    return found[0]


def import_rows(options: Namespace) -> int:
    """Imports a file at once; exit code 1 when rows were refused, which are then told with their reasons.

    Raises:
        Invalid: no such person, record type or file, or a file that cannot be read.
        NotAllowed: the person may not import.
    """
    require_prepared_database()
    path = Path(options.file)
    if not path.is_file():
        raise Invalid(Message("There is no file %(file)s.", file=str(path)))
    run = import_file(
        acting(options), module_named(options.module), path, dict(options.column), duplicates=options.duplicates
    )
    labels = dict(ImportRow.State.choices)
    for state, count in sorted(run.summary.items()):
        print(f"{labels[state]}: {count}")
    return _tell_refused(run)


def _tell_refused(run: ImportRun) -> int:
    refused = run.rows.filter(state=ImportRow.State.PROBLEM).order_by("line")
    names = {name: spec.label for name, spec in registry.entry(run.module).fields.items()}
    for row in refused[:REFUSED_TOLD]:
        print(_("Row %(line)s: %(problem)s") % {"line": row.line, "problem": problems.text(row.problems, names)})
    count = refused.count()
    if count > REFUSED_TOLD:
        print(_("… and %(count)s more rows.") % {"count": count - REFUSED_TOLD})
    return 1 if count else 0


def export_rows(options: Namespace) -> int:
    """Exports all that the person may read and export; the file's ending or `--format` chooses XLSX or CSV.

    Raises:
        Invalid: no such person, record type or format, or the two disagree.
        Conflict: the file cannot be written.
        NotAllowed: the person may not export.
    """
    require_prepared_database()
    path = target(Path(options.file), options.format)
    try:
        count = export_file(acting(options).because(options.reason), module_named(options.module), path)
    except OSError as error:
        raise Conflict(
            Message("%(file)s cannot be written: %(reason)s.", file=str(path), reason=error.strerror or str(error))
        ) from error
    print(_("%(count)s rows were written to %(file)s.") % {"count": count, "file": path})
    return 0


def target(path: Path, wanted: str) -> Path:
    """The file to write: with the ending of the wanted format (XLSX when none is named), which it may lack.

    Raises:
        Invalid: the file has the ending of something else.
    """
    ending = path.suffix.lstrip(".").lower()
    if not ending:
        return path.with_name(f"{path.name}.{wanted or FORMATS[0]}")
    if ending not in FORMATS or wanted not in ("", ending):
        raise Invalid(Message("%(file)s does not end like the format: %(formats)s.", file=path.name, formats=FORMATS))
    return path
