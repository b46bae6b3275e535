"""Backups: making, listing and trying them out, putting one back, and letting a restored installation go."""

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform import keys
from guanxi.platform.access.models import RoleKind
from guanxi.platform.access.roles import holders_of_kind
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.chain import seal_pending
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.backups import shelf
from guanxi.platform.backups.making import BACKUP, make
from guanxi.platform.backups.restoring import ADMITTED, DOUBTFUL, restore, try_out
from guanxi.platform.calendar import local, now
from guanxi.platform.jobs import outbox
from guanxi.platform.jobs.models import Quarantine
from guanxi.platform.verify.checks import run_checks, summary
from guanxi.records import deletions
from guanxi.records.context import system_context

_MEGABYTE = 1024 * 1024


def back_up(options: Namespace) -> int:
    """Makes a backup, on the shelf or at the given place; exit code 1 when files of the store were not whole.

    Raises:
        Conflict: the database is not prepared, the place is taken or cannot be written.
    """
    require_prepared_database()
    is_first = not keys.exists(BACKUP)
    at = now()
    path = Path(options.file).absolute() if options.file else shelf.new_path(at)
    made = make(path, at)
    copy = None if options.file else shelf.copy_off_site(path)
    print(_("%(file)s: %(size).1f MB, written, read again and proved.") % {"file": path, "size": made.size / _MEGABYTE})
    if copy is not None:
        print(_("Copied to %(file)s.") % {"file": copy})
    if is_first:
        file = keys.file_of(BACKUP)
        print(_("Its key was made now: %(file)s. Keep a copy elsewhere; without it no backup opens.") % {"file": file})
    for name in made.damaged:
        print(_("Missing or changed in the store of files: %(name)s") % {"name": name}, file=sys.stderr)
    return 1 if made.damaged else 0


def list_backups(options: Namespace) -> int:
    """Lists the backups on the shelf, newest first, with how their last trial ended."""
    for each in shelf.kept():
        proof = _("not tried out")
        if each.proof is not None:
            proof = f"{'✓' if each.proof.ok else '✗'} {local(each.proof.at):%Y-%m-%d %H:%M}  {each.proof.told}"
        print(f"{each.name}  {local(each.made_at):%Y-%m-%d %H:%M}  {each.size / _MEGABYTE:9.1f} MB  {proof}")
    return 0


def try_backup(options: Namespace) -> int:
    """Restores a backup into a place of its own, verifies it there and takes it away again; exit code 1 when it fails.

    Without a file it is the newest on the shelf.

    Raises:
        Conflict: there is no backup.
    """
    require_prepared_database()
    newest = next((each.path for each in shelf.kept()), None)
    path = Path(options.file).absolute() if options.file else newest
    if path is None:
        raise Conflict(Message("There is no backup"))
    proof = try_out(path, now())
    if path.parent == shelf.folder():
        shelf.prove(path, proof)
    print(f"{'✓' if proof.ok else '✗'} {path.name}  {proof.seconds} s")
    print(proof.told)
    return 0 if proof.ok else 1


def put_back(options: Namespace) -> int:
    """Makes this installation what a backup holds; exit code 1 when it is restored but verify found something.

    Raises:
        Invalid: the backup or the list of deletions cannot be read.
        Conflict: see `restoring.restore`.
    """
    listed = Path(options.deletions).absolute() if options.deletions else None
    if listed is not None:
        _read_deletions(listed)
    path = Path(options.file).absolute()
    done = restore(path, now(), replace=options.replace, with_keys=not options.without_keys, deletions=listed)
    print(done.told)
    made_at = f"{local(done.manifest.made_at):%Y-%m-%d %H:%M:%S}"
    print(_("Restored as it was on %(moment)s.") % {"moment": made_at})
    if done.before is not None:
        print(_("What was here before lies in %(file)s.") % {"file": done.before})
    print(_("Nothing is sent from here until: guanxi release"))
    return 0 if done.is_sound else 1


def admit(options: Namespace) -> int:
    """Called by restore and trial on the unpacked folder: up to this version, under quarantine, verified.

    Exit code 3 when the verification found something.
    """
    made_at = datetime.fromisoformat(options.made_at)
    call_command("migrate", interactive=False, verbosity=0)
    outbox.quarantine(made_at, now())
    problems: list[str] = []
    if options.deletions:
        actor = next(iter(holders_of_kind(RoleKind.SYSTEM)), None)
        if actor is None:
            raise Conflict(Message("No system administrator is left in whose name records could be deleted."))
        ctx = system_context(actor, source="cli")
        count, problems = deletions.apply(ctx, _read_deletions(Path(options.deletions)))
        print(_("%(count)s records were deleted for good again.") % {"count": count})
        for problem in problems:
            print(problem)
    _tell_trail("restore_backup", made_at)
    seal_pending()
    verdicts = run_checks(second_look_seconds=0)
    for verdict in verdicts:
        for finding in verdict.findings:
            print(f"✗ {verdict.check.name}: {finding}")
    print(summary(verdicts))
    return ADMITTED if all(verdict.ok for verdict in verdicts) and not problems else DOUBTFUL


def _tell_trail(action: str, made_at: datetime) -> None:
    """What was done to the installation as a whole stands in its trail like everything else."""
    entry = AuditEntry(at=now(), source="cli", action=action, changes={"backup_made_at": [None, made_at.isoformat()]})
    with transaction.atomic():
        audit.write([entry])


def _read_deletions(path: Path) -> list[deletions.Deletion]:
    try:
        return deletions.read(path.read_text().splitlines())
    except OSError as error:
        raise Invalid(
            Message("%(file)s cannot be read: %(reason)s.", file=str(path), reason=error.strerror or str(error))
        ) from error


def release(options: Namespace) -> int:
    """Ends the quarantine of a restored installation: from now on it sends again."""
    require_prepared_database()
    if not outbox.is_quarantined():
        print(_("This installation is not under quarantine."))
        return 0
    _tell_trail("release", Quarantine.objects.get().backup_made_at)
    parked = outbox.release(now(), send_waiting=options.send_waiting)
    print(_("Released. What is written from now on is sent."))
    if parked:
        told = _("%(count)s messages that were waiting in the backup are parked: they have probably left already.")
        print(told % {"count": parked})
    return 0


def list_deletions(options: Namespace) -> int:
    """Prints what was deleted for good, one line each, to be kept apart from the backups and given to restore."""
    require_prepared_database()
    for deletion in deletions.since(options.since):
        print(deletion.line())
    return 0
