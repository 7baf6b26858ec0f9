"""PostgreSQL as a source, from a server that the tests start for themselves."""

import builtins
import os
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.config import FileMapping, PostgresSettings, Settings, SourceSettings, TableMapping
from clientlib.errors import ConfigError, InputError
from clientlib.sources import open_export
from clientlib.warehouse import load_sources, preview_sources

psycopg = pytest.importorskip("psycopg")

NOW = datetime(2025, 7, 1, tzinfo=UTC)
VARIABLE = "CLIENTLIB_TEST_DSN"
PASSWORD = "s3cret & sound"
KINDS = """
    select
        1::bigint as whole, 12345678901234567.89::numeric(20, 2) as exact, 0.1::numeric as any_scale,
        true as flag, date '2025-06-05' as day, timestamp '2025-06-05 07:08:09' as moment,
        timestamptz '2025-06-05 22:30:00+00' as moment_here, array['a', 'b,c'] as several,
        'Šiaulių "A"' as quoted, E'two\\nlines' as broken, '' as empty, null::text as nothing,
        0.5::float8 as share
"""


def binaries() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3]
    )
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    return found[-1].parent if found else Path(on_path).parent


def as_other_user(command: list) -> list[str]:
    """The server refuses to run as root: it runs as the user that its package made."""
    written = [str(part) for part in command]
    if os.geteuid() != 0:
        return written
    known = subprocess.run(["id", "postgres"], capture_output=True, check=False)
    if known.returncode or not shutil.which("runuser"):
        pytest.skip("as root a PostgreSQL server needs the user postgres and runuser")
    return ["runuser", "-u", "postgres", "--", *written]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Start a server on loopback with a user that needs a password; give its port."""
    tools, folder = binaries(), Path("/tmp") / f"clientlib-pg-{os.getpid()}"
    subprocess.run(as_other_user(["mkdir", "-m", "700", folder]), check=True)
    try:
        secret = folder / "password"
        subprocess.run(as_other_user(["tee", secret]), input=PASSWORD, text=True, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        subprocess.run(
            as_other_user([tools / "initdb", "-D", folder / "data", "-U", "reader", "-E", "UTF8",
                           "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]),
            check=True, capture_output=True,
        )  # fmt: skip
        port = free_port()
        process = subprocess.Popen(
            as_other_user([tools / "postgres", "-D", folder / "data", "-p", port, "-k", folder,
                           "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]),
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)
    finally:
        subprocess.run(as_other_user(["rm", "-rf", folder]), check=True)


def wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(150):
        try:
            connect(port).close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None, "the server ended before it answered"
            time.sleep(0.1)
    pytest.fail("the server did not answer within 15 seconds")


def connect(port: int):
    return psycopg.connect(
        host="127.0.0.1", port=port, user="reader", password=PASSWORD, dbname="postgres",
        autocommit=True,
    )  # fmt: skip


@pytest.fixture
def database(server, monkeypatch):
    """Give a connection to an empty database that the environment names."""
    monkeypatch.setenv(VARIABLE, dsn(server))
    with connect(server) as connection:
        connection.execute("drop schema if exists crm cascade; create schema crm")
        yield connection


def dsn(port: int, password: str = PASSWORD) -> str:
    return f"host=127.0.0.1 port={port} user=reader password='{password}' dbname=postgres"


def source(*files: FileMapping, **settings) -> SourceSettings:
    return SourceSettings(
        postgres=PostgresSettings(dsn_env=VARIABLE, **settings), files=list(files)
    )


def mapping(table: str = "managers", columns: dict | None = None, **origin) -> FileMapping:
    columns = columns or {"manager_id": "id", "name": "name"}
    return FileMapping(name="rows", tables=[TableMapping(table=table, columns=columns)], **origin)


def rows(tmp_path: Path, file: FileMapping, **settings) -> list[dict]:
    opened = open_export("crm", source(file, **settings), tmp_path)
    with opened as (part,), part.reading(tmp_path) as reading:
        answer = duckdb.execute(f"select * from {reading.relation}", reading.parameters)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def load(root: Path, *files: FileMapping):
    return load_sources(Settings(root=root, sources={"crm": source(*files)}), now=NOW)


def raw(root: Path, query: str) -> list[tuple]:
    with duckdb.connect(root / "data/warehouse/raw.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_values_arrive_as_exactly_as_the_database_holds_them(database, tmp_path):
    (row,) = rows(tmp_path, mapping(query=KINDS))
    shown = {name: str(value) for name, value in row.items() if value is not None}
    assert shown == {
        "whole": "1", "exact": "12345678901234567.89", "any_scale": "0.1", "flag": "True",
        "day": "2025-06-05", "moment": "2025-06-05 07:08:09", "moment_here": "2025-06-05 22:30:00",
        "several": '{a,"b,c"}', "quoted": 'Šiaulių "A"', "broken": "two\nlines", "empty": "",
        "share": "0.5",
    }  # fmt: skip
    assert row["nothing"] is None


def test_moment_with_a_zone_falls_on_the_day_of_the_stated_zone(database, tmp_path):
    (row,) = rows(tmp_path, mapping(query=KINDS), time_zone="Europe/Vilnius")
    assert str(row["moment_here"]) == "2025-06-06 01:30:00"


def test_relation_is_read_by_its_name_however_it_is_spelt(database, tmp_path):
    database.execute('create table crm."Sales. Reps" ("Id" int, "Full name" text)')
    database.execute("""insert into crm."Sales. Reps" values (7, 'Ona')""")
    assert rows(tmp_path, mapping(relation='crm."Sales. Reps"')) == [{"Id": 7, "Full name": "Ona"}]


def test_name_of_a_relation_never_reaches_the_database_as_text(database, tmp_path):
    database.execute("create table crm.kept (id int)")
    with pytest.raises(InputError, match=r"rows cannot be read[\s\S]*drop table"):
        rows(tmp_path, mapping(relation="crm.kept; drop table crm.kept; --"))
    assert rows(tmp_path, mapping(relation="crm.kept")) == []


def test_rows_are_loaded_and_judged_like_those_of_files(database, tmp_path):
    database.execute("create table crm.orders (no text, client text, day date, state text)")
    database.execute(
        """insert into crm.orders values ('O-1', 'C-1', '2025-06-01', 'open'),
        ('O-2', '', '2025-06-02', 'open'), ('', 'C-1', '2025-06-02', 'open'),
        ('O-3', 'C-1', 'infinity', 'open'), ('O-4', 'C-1', '2025-06-02', 'lost')"""
    )
    columns = {"order_id": "no", "client_id": "client", "ordered_on": "day", "status": "state"}
    (count,) = load(tmp_path, mapping("orders", columns, relation="crm.orders"))
    assert (count.read_count, count.new_count, count.quarantined_count) == (5, 2, 3)
    assert raw(tmp_path, "select order_id, client_id from orders order by 1") == [
        ("O-1", "C-1"),
        ("O-2", None),
    ]
    (again,) = load(tmp_path, mapping("orders", columns, relation="crm.orders"))
    assert (again.new_count, again.same_count, again.quarantined_count) == (0, 2, 3)


def test_expression_tells_empty_text_from_none(database, tmp_path):
    database.execute("create table crm.reps (id text, name text, team text)")
    database.execute("insert into crm.reps values ('1', 'Ona', ''), ('2', 'Jonas', null)")
    columns = {
        "manager_id": "id",
        "name": "name",
        "team": "case when team is null then 'not asked' when team = '' then 'none' end",
    }
    load(tmp_path, mapping("managers", columns, relation="crm.reps"))
    assert raw(tmp_path, "select team from managers order by manager_id") == [
        ("none",),
        ("not asked",),
    ]


def test_all_queries_see_the_database_as_it_was_when_the_load_began(database, tmp_path):
    database.execute("create table crm.reps (id int, name text)")
    file = mapping(relation="crm.reps")
    with open_export("crm", source(file, file), tmp_path) as parts:
        counts = []
        for part in parts:
            with part.reading(tmp_path) as reading:
                answer = duckdb.execute(
                    f"select count(*) from {reading.relation}", reading.parameters
                )
                counts.append(answer.fetchone()[0])
            database.execute("insert into crm.reps values (1, 'Ona')")
    assert counts == [0, 0]


def test_query_that_would_write_is_refused(database, tmp_path):
    database.execute("create table crm.reps (id int, name text)")
    database.execute(
        """create function crm.hire() returns int language sql as
        'insert into crm.reps values (1, ''Ona'') returning id'"""
    )
    with pytest.raises(InputError, match="read-only transaction"):
        rows(tmp_path, mapping(query="select crm.hire() as id, 'Ona' as name"))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("select 1 as id, 'Ona' as name;", id="semicolon"),
        pytest.param("select 1 as id, 'Ona' as name -- all of them", id="comment"),
        pytest.param("select 1 as id, '100 %' as name", id="per cent"),
        pytest.param("select 1 as id, '{}' as name", id="braces"),
    ],
)
def test_query_is_taken_as_it_is_written(database, tmp_path, query):
    assert rows(tmp_path, mapping(query=query))[0]["id"] == 1


def test_columns_of_one_name_are_an_error(database, tmp_path):
    with pytest.raises(InputError, match="rows gives two columns of the same name"):
        rows(tmp_path, mapping(query="select 1 as id, 2 as id"))


def test_refused_query_keeps_the_whole_load_out(database, tmp_path):
    database.execute("create table crm.reps (id int, name text)")
    database.execute("insert into crm.reps values (1, 'Ona')")
    with pytest.raises(InputError, match="division by zero"):
        load(
            tmp_path, mapping(relation="crm.reps"), mapping(query="select 1 / 0 as id, '' as name")
        )
    assert raw(tmp_path, "select count(*) from managers") == [(0,)]


def test_trial_of_a_load_reads_the_database_too(database, tmp_path):
    database.execute("create table crm.reps (id int, name text)")
    database.execute("insert into crm.reps values (1, 'Ona')")
    settings = Settings(root=tmp_path, sources={"crm": source(mapping(relation="crm.reps"))})
    (preview,) = preview_sources(settings, now=NOW)
    assert preview.rows == [{"manager_id": "1", "name": "Ona", "known_on": None}]


def shown(error: BaseException) -> str:
    """All that a traceback of the error could print."""
    chain, parts = error, []
    while chain is not None:
        parts.append(f"{chain}")
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return "\n".join(parts)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("postgresql://reader:hidden-word@127.0.0.1:1/none", id="nobody answers"),
        pytest.param("host=127.0.0.1 password=hidden-word port=1 dbname=none", id="words"),
        pytest.param("host=127.0.0.1 password='hidden-word", id="open quote"),
        pytest.param("hidden-word", id="no connection at all"),
        pytest.param("postgresql://reader:hidden-word@127.0.0.1:port/none", id="no port"),
    ],
)
def test_password_is_never_told(tmp_path, monkeypatch, text):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises((ConfigError, InputError)) as caught:
        rows(tmp_path, mapping(relation="reps"))
    assert VARIABLE in str(caught.value)
    assert "hidden-word" not in shown(caught.value)


def test_refused_login_is_an_error_without_the_password(server, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, dsn(server, password="hidden-word"))
    with pytest.raises(InputError, match="password authentication failed") as caught:
        rows(tmp_path, mapping(relation="reps"))
    assert "hidden-word" not in shown(caught.value)


def test_variable_that_is_not_set_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=f"the environment variable {VARIABLE} is not set"):
        rows(tmp_path, mapping(relation="reps"))


def test_missing_extra_says_how_to_install_it(tmp_path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name.partition(".")[0] == "psycopg":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match=r"pip install 'clientlib\[postgres\]'"):
        rows(tmp_path, mapping(relation="reps"))


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        pytest.param({"file": "a.csv"}, "state relation or query", id="a file"),
        pytest.param({}, "it has none of file, relation, query", id="nothing"),
        pytest.param({"relation": "a", "query": "b"}, "it has relation, query", id="both"),
    ],
)
def test_mapping_must_say_what_it_reads_of_the_database(tmp_path, origin, message):
    with pytest.raises(ConfigError, match=f"does not say what it reads[\\s\\S]*{message}"):
        rows(tmp_path, mapping(**origin))


def test_source_has_one_place(tmp_path):
    both = source(mapping(relation="a")).model_copy(update={"path": Path("data/raw")})
    with pytest.raises(ConfigError, match=r"must have one place[\s\S]*path, postgres"):
        open_export("crm", both, tmp_path).__enter__()
