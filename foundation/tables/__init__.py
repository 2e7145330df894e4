"""Tables that come in as XLSX or CSV files, and tables that go out as such."""

from foundation.tables.reading import Row, Table, TableRefused, cell_name, read
from foundation.tables.writing import table_response, write_csv, write_xlsx

__all__ = ["Row", "Table", "TableRefused", "cell_name", "read", "table_response", "write_csv", "write_xlsx"]
