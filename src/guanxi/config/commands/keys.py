"""The keys of this installation."""

from argparse import Namespace

from django.utils.translation import gettext as _

from guanxi.platform import keys
from guanxi.platform.jobs.starting import start
from guanxi.platform.sealing import vault
from guanxi.records.resealing import RESEAL


def make(options: Namespace) -> int:
    """Makes every key that is not there yet: on the first of several servers, to be copied to the others."""
    made = keys.make_all()
    for purpose in made:
        print(keys.file_of(purpose))
    if not made:
        print(_("Every key is there."))
    return 0


def rotate(options: Namespace) -> int:
    """Makes a new key for what is written from now on; a job seals what there is anew. Old keys stay, for backups."""
    number = vault.make_key()
    start(RESEAL, None, {})
    print(_("Key %(number)s is in use; the worker seals every value anew with it.") % {"number": number})
    return 0
