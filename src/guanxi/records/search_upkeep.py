"""What keeps the search's index quick by itself."""

from __future__ import annotations

import datetime

from django.db import connection

from guanxi.platform.jobs.registry import scheduled

#: Only the owner of an index may do this; where the program is not, the database's own cleaning comes round later.
_SETTLE = """
SELECT gin_clean_pending_list(oid) FROM pg_class
 WHERE oid = to_regclass('records_search_grams') AND pg_has_role(relowner, 'USAGE')
"""


@scheduled("records.settle_search", every=datetime.timedelta(minutes=1))
def settle(at: datetime.datetime) -> None:
    """Sort what was written last into the index.

    PostgreSQL keeps new entries on a heap beside the index, because sorting in many at once is cheap; every search
    looks through that heap, and a search over everything does so for each record type.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE)
