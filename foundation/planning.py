"""What the database knows of its own tables, by which it plans its queries."""

from django.db import connection, models


def take_stock(*kinds: type[models.Model]) -> None:
    """Databases plan by numbers of rows. After a load of many PostgreSQL would go by old ones for a minute or more, and
    a list over some thousands of rows would take longer than a page may; SQLite counts only when told, and then
    everything. No kinds: everything.
    """
    tables = ", ".join(connection.ops.quote_name(kind._meta.db_table) for kind in kinds)
    of_some = bool(tables) and connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}" if of_some else "ANALYZE")
