"""Damaged exports end in an error with nothing kept, or in rows that are all accounted for."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest
from damage import KINDS, damaged, parquet_of
from test_load import GOOD

from clientlib.errors import ClientlibError, InputError
from clientlib.warehouse.quarantine import KEPT_CHARACTERS

CASES = 100  # of each kind
FOUND = """
select
    (select count(*) from loads) as loads,
    (select count(*) from orders where source_file = $file) as written,
    (select count(*) from quarantine where source_file = $file) as bad,
    (select string_agg(o::varchar, ' ') from orders as o where source_file = $file) as raw_text,
    (select string_agg(source_text, ' ') from quarantine where source_file = $file) as bad_text
"""


@contextmanager
def stored(project, name: str) -> Iterator[dict]:
    with duckdb.connect(project.root / "data/warehouse/raw.duckdb") as connection:
        cursor = connection.execute(FOUND, {"file": name})
        names = [column[0] for column in cursor.description]
        yield dict(zip(names, cursor.fetchone(), strict=True))


def keys_in(text: str | None) -> set[str]:
    return set(re.findall(r"O-\d+-\d+", text or ""))


def keys_of_source(content: bytes, kind: str) -> set[str]:
    """Find the keys below the headings that stand in the text of a source."""
    if kind == "csv.gz":
        content = zlib.decompress(content, 31)
    if kind not in ("csv", "csv.gz"):
        return set()
    text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.splitlines()[1:]  # of longer lines only the beginning is kept
    return keys_in("\n".join(line for line in lines if len(line) < KEPT_CHARACTERS))


def load_case(project, name: str) -> str:
    """Load one file; give what came of it."""
    try:
        (count,) = project.load(accept_excess=True)
    except ClientlibError:
        with stored(project, name) as found:
            assert (found["written"], found["bad"]) == (0, 0)
        return "refused"
    with stored(project, name) as found:
        assert found["written"] == count.new_count + count.changed_count
        assert found["bad"] == count.quarantined_count
        sums = count.loaded_count + count.same_count + count.quarantined_count
        assert count.file_rows == count.read_count == sums
    return "loaded"


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_file_is_refused_whole_or_every_row_of_it_is_found_again(project, kind):
    project.file |= {"file": "orders*", "delimiter": ";"}
    ends = {"refused": 0, "loaded": 0}
    for case in range(CASES):
        how, content = damaged(case, kind)
        path = project.raw / f"orders_{case}.{kind}"
        path.write_bytes(content)
        name = f"{path.name}/orders.csv" if kind == "zip" else path.name
        try:
            end = load_case(project, name)
            if end == "loaded":
                with stored(project, name) as found:
                    known = keys_in(found["raw_text"]) | keys_in(found["bad_text"])
                    lost = keys_of_source(content, kind) - known
                    assert not lost
        except Exception as error:
            error.add_note(f"case {case} of {kind}: {how}")
            raise
        ends[end] += 1
        path.unlink()
    assert min(ends.values()) >= 5, ends


def test_line_of_which_only_the_beginning_is_kept_says_so(project):
    project.write(GOOD + "O-3;C-3;2025-06-03;open;" + "y" * 2_100_000 + "\n")
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (2, 1)
    ((message,),) = project.raw_rows("select reasons[1].message from quarantine")
    assert message == "line 4: line size over maximum; its first 10,000 characters"


def test_parquet_column_without_a_name_is_an_error(project):
    names = ["No", "Client", "Date", "State", " "]
    (project.raw / "orders.parquet").write_bytes(parquet_of([names, ["O-1", "C-1", "", "", ""]]))
    with pytest.raises(InputError, match="orders.parquet has a column without a name"):
        project.load()


def test_file_that_may_not_be_opened_is_an_error(project, monkeypatch):
    path = project.write(GOOD)

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(ClientlibError, match="Permission denied"):
        project.load()
