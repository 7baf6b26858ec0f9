"""PostgreSQL as a source: every query within one snapshot, streamed by COPY into a file."""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientlib.config import FileMapping, PostgresSettings
from clientlib.errors import ConfigError, InputError
from clientlib.sources.readers import Reading

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

CONNECT_SECONDS = 15
SECRETS = ("password", "sslpassword")
HIDDEN = "***"
# How DuckDB holds what PostgreSQL tells by its name; all else stays the text that it is.
EXACT_TYPES = {
    "bool": "BOOLEAN",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float4": "DOUBLE",
    "float8": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP",
}
MOST_DIGITS = 38  # of a decimal in DuckDB


@dataclass(frozen=True)
class Query:
    """The rows of one query or relation, within the snapshot of its source."""

    mapping: FileMapping
    connection: "psycopg.Connection[Any]"
    time_zone: str
    secrets: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its mapping."""
        return self.mapping.name

    @property
    def stored_path(self) -> None:
        """No file on disk says whether it has changed."""
        return

    @contextmanager
    def reading(self, scratch: Path) -> Iterator[Reading]:
        """Copy the rows into a file and open that for scanning.

        Parameters
        ----------
        scratch : Path
            Folder for the copy.

        Yields
        ------
        Reading
            What DuckDB scans: typed columns, nulls apart from empty text.

        Raises
        ------
        InputError
            The database refuses the query, or the connection broke.
        """
        copy = scratch / "rows.csv"
        with _errors_of(self.name, self.secrets):
            columns = _write_rows(self, copy)
        options = (
            "auto_detect = false, header = false, columns = $columns, delim = ',', "
            "quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
            "store_rejects = true"
        )
        parameters = {"path": str(copy), "columns": columns}
        yield Reading(f"read_csv($path, {options})", parameters, is_exact=True, has_rejects=True)


@contextmanager
def open_snapshot(
    settings: PostgresSettings, mappings: Sequence[FileMapping]
) -> Iterator[list[Query]]:
    """Connect to a database and hold one snapshot of it for all queries, for reading only.

    Parameters
    ----------
    settings : PostgresSettings
        The environment variable that says how to connect.
    mappings : sequence of FileMapping
        Each with a ``relation`` or a ``query``.

    Yields
    ------
    list of Query
        One for each mapping.

    Raises
    ------
    ConfigError
        The extra is not installed, or the variable is not set or cannot be read.
    InputError
        The database cannot be reached or refuses the login.
    """
    driver = _driver()
    options = _connection_options(settings.dsn_env)
    secrets = tuple(str(options[key]) for key in SECRETS if options.get(key))
    with _errors_of(f"the database that {settings.dsn_env} names", secrets):
        connection = driver.connect(**options)
    with connection:
        connection.isolation_level = driver.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with _errors_of(f"the database that {settings.dsn_env} names", secrets):
            _set_forms(connection, settings.time_zone)
        yield [Query(mapping, connection, settings.time_zone, secrets) for mapping in mappings]


def _driver() -> Any:  # noqa: ANN401  (the module psycopg, which is an extra)
    try:
        import psycopg
    except ImportError as error:
        raise ConfigError(
            "a source of PostgreSQL needs psycopg, which is not installed",
            hint="pip install 'clientlib[postgres]'",
        ) from error
    return psycopg


def _connection_options(variable: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    text = os.environ.get(variable, "").strip()
    if not text:
        raise ConfigError(
            f"the environment variable {variable} is not set",
            hint=f"set it: {variable}='postgresql://reader:password@host/database'",
        )
    try:
        options = dict(conninfo_to_dict(text))
    except ProgrammingError:  # its text quotes what it could not read, the password too
        options = {}
    if not options:
        raise ConfigError(
            f"the environment variable {variable} holds no connection of PostgreSQL",
            hint="write postgresql://user:password@host:port/database, or host=... dbname=...",
        )
    return {"connect_timeout": CONNECT_SECONDS, "application_name": "clientlib", **options}


def _set_forms(connection: "psycopg.Connection[Any]", time_zone: str) -> None:
    forms = {
        "timezone": time_zone,
        "datestyle": "ISO, YMD",
        "intervalstyle": "iso_8601",
        "client_encoding": "UTF8",
    }
    for name, value in forms.items():
        connection.execute("select set_config(%s, %s, false)", [name, value])


def _write_rows(query: Query, copy: Path) -> dict[str, str]:
    from psycopg.sql import SQL, Identifier

    rows = _rows_of(query.mapping)
    with query.connection.cursor() as cursor:
        cursor.execute(SQL("select * from {} limit 0").format(rows))
        described = [
            (column.name, _type_name(query, column)) for column in cursor.description or []
        ]
        columns = {name: _duckdb_type(kind) for name, kind in described}
        if len(columns) < len(described):
            raise _repeated_columns(query.name, [name for name, _ in described])
        values = SQL(", ").join(
            SQL("{} at time zone {}").format(Identifier(name), query.time_zone)
            if kind.startswith("timestamptz")
            else Identifier(name)
            for name, kind in described
        )
        statement = SQL("copy (select {} from {}) to stdout (format csv)").format(values, rows)
        with cursor.copy(statement) as source, copy.open("wb") as sink:
            for block in source:
                sink.write(block)
    return columns


def _rows_of(mapping: FileMapping) -> "Composed":
    from psycopg.sql import SQL, Identifier

    if mapping.relation:
        parts = next(csv.reader([mapping.relation], delimiter="."))
        return SQL("{} as rows").format(Identifier(*parts))
    text = (mapping.query or "").strip().rstrip(";")
    return SQL("(\n{}\n) as rows").format(SQL(text))


def _type_name(query: Query, column: "psycopg.Column") -> str:
    found = query.connection.adapters.types.get(column.type_code)
    name = found.name if found else "text"
    if name == "numeric" and column.precision is not None:
        return f"numeric({column.precision},{column.scale or 0})"
    return name


def _duckdb_type(kind: str) -> str:
    decimal = re.fullmatch(r"numeric\((\d+),(-?\d+)\)", kind)
    if decimal and int(decimal[1]) <= MOST_DIGITS and 0 <= int(decimal[2]) <= int(decimal[1]):
        return f"DECIMAL({decimal[1]}, {decimal[2]})"
    return EXACT_TYPES.get(kind, "VARCHAR")


def _repeated_columns(name: str, columns: list[str]) -> InputError:
    return InputError(
        f"{name} gives two columns of the same name",
        example=", ".join(columns),
        hint="name them apart in the query: select a.id as client_id, ...",
    )


@contextmanager
def _errors_of(name: str, secrets: Sequence[str]) -> Iterator[None]:
    """Tell what the database says, without the passwords that it may repeat."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        text = said[0]
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
        raise InputError(
            f"{name} cannot be read",
            example=text,
            hint="check the query, the rights of the reader, and that the server answers",
        ) from None
