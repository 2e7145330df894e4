"""What the database knows of its own tables, by which it plans its queries."""

from django.db import connection, models


def take_stock(*kinds: type[models.Model]) -> None:
    """PostgreSQL plans by the numbers of now: after a load of many rows it would go by old ones for a minute or more,
    and a list over some thousands of rows would take longer than a page may. SQLite needs none of this.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(kind._meta.db_table) for kind in kinds)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
