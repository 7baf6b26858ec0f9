"""The warehouse: the only room that opens DuckDB."""
