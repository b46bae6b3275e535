"""Proving that everything which must be true of the data is true."""

import json
from argparse import Namespace

from django.utils.translation import gettext as _

from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.verify.checks import Verdict, registered, run_checks, summary


def verify(options: Namespace) -> int:
    """Runs the checks and tells each verdict as it comes; exit code 1 when something was found.

    With `--json` one JSON value for programs; with `--list` only what the checks are.

    Raises:
        Invalid: a check of a name that there is not.
        Conflict: the database is not prepared.
    """
    if options.list:
        for each in registered():
            print(f"{each.name:<22} {each.title}")
        return 0
    require_prepared_database()
    names = options.check
    if unknown := sorted(set(names) - {each.name for each in registered()}):
        known = tuple(each.name for each in registered())
        raise Invalid(Message("There is no check %(unknown)s. There are: %(known)s.", unknown=unknown, known=known))
    verdicts = run_checks(names, None if options.json else _tell)
    if options.json:
        print(json.dumps(report(verdicts), ensure_ascii=False, indent=1))
    else:
        print(summary(verdicts))
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def report(verdicts: list[Verdict]) -> dict[str, object]:
    """What a verification found, as plain data."""
    return {
        "ok": all(verdict.ok for verdict in verdicts),
        "checks": [
            {
                "name": verdict.check.name,
                "title": str(verdict.check.title),
                "ok": verdict.ok,
                "found": verdict.found,
                "findings": [str(finding) for finding in verdict.findings],
                "seconds": verdict.seconds,
            }
            for verdict in verdicts
        ],
    }


def _tell(verdict: Verdict) -> None:
    sign = "✓" if verdict.ok else "✗"
    print(f"{sign} {verdict.check.name:<22} {verdict.seconds:7.2f} s  {verdict.check.title}", flush=True)
    for finding in verdict.findings:
        print(f"    {finding}")
    if verdict.found > len(verdict.findings):
        print("    " + _("… and %(count)s more.") % {"count": verdict.found - len(verdict.findings)})
