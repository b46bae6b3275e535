"""The migrations build exactly the tables that the models describe."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing():
    printed = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=printed)
    except SystemExit:
        pytest.fail(f"models changed without a migration:\n{printed.getvalue()}")
