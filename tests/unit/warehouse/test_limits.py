"""Limits of a load: too many bad rows mean that the export is broken."""

import pytest
from test_load import HEADING

from clientlib.errors import InputError


def rows_of(good: int, bad: int) -> str:
    days = ["2025-06-01"] * good + ["soon"] * bad
    return HEADING + "".join(f"O-{n};C-1;{day};open;\n" for n, day in enumerate(days))


def test_more_bad_rows_than_the_limit_keep_the_load_out(project):
    project.write(rows_of(good=89, bad=11))
    with pytest.raises(InputError, match="11 of 100 rows of orders are bad, more than 5%"):
        project.load()
    assert project.raw_rows("select count(*) from loads") == [(0,)]
    assert project.raw_rows("select count(*) from quarantine") == [(0,)]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param(190, 10, id="10 of 200 are just 5 %"),
        pytest.param(1, 9, id="9 rows are no broken export, whatever their share"),
    ],
)
def test_bad_rows_up_to_the_limit_load(project, good, bad):
    project.write(rows_of(good, bad))
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (good, bad)
    assert project.raw_rows("select accepted_excesses from loads") == [([],)]


def test_limit_of_one_table_goes_before_that_of_all(project):
    project.table["max_bad_share"] = 0.2
    project.write(rows_of(good=89, bad=11))
    (count,) = project.load()
    assert count.quarantined_count == 11


def test_accepted_excess_is_recorded_with_its_load(project):
    project.write(rows_of(good=89, bad=11))
    project.load(accept_excess=True)
    ((excesses,),) = project.raw_rows("select accepted_excesses from loads")
    assert excesses == ["11 of 100 rows of orders are bad, more than 5%"]


def test_excess_that_was_accepted_is_not_asked_about_again_while_its_file_is_unchanged(project):
    project.write(rows_of(good=89, bad=11), "orders_1.csv")
    project.load(accept_excess=True)
    project.write(HEADING + "N-1;C-1;2025-06-01;open;\n", "orders_2.csv")
    counts = project.load("2025-07-02")
    assert [count.quarantined_count for count in counts] == [11, 0]
    assert project.raw_rows("select accepted_excesses from loads where load_id = 2") == [([],)]


def test_bad_rows_of_all_files_of_a_table_are_judged_together(project):
    project.write(rows_of(good=1, bad=6), "orders_1.csv")
    project.write(rows_of(good=1, bad=6).replace("O-", "P-"), "orders_2.csv")
    with pytest.raises(InputError, match="12 of 14 rows of orders are bad"):
        project.load()
