"""The file of client pairs: whatever a spreadsheet does to it, what people decided is kept."""

import pandas as pd
import pytest

from clientlib.errors import ClientlibError, InputError
from clientlib.warehouse.review import (
    COLUMNS,
    content,
    is_in_force,
    is_waiting,
    keep_decisions,
    read_pairs,
    write_pairs,
)

FOUND = {
    "left_name": "UAB „Žulvina“", "right_name": "ZULVINA", "left_codes": "110053842",
    "right_codes": "", "probability": 0.91, "proposed": "same", "evidence": "same name",
    "left_history": 12, "right_history": 3, "found_on": "2025-07-01",
}  # fmt: skip


def found(*keys: tuple[str, str], **other) -> pd.DataFrame:
    rows = [{"left_id": left, "right_id": right, **FOUND, **other} for left, right in keys]
    return pd.DataFrame(rows)


def nothing(tmp_path) -> pd.DataFrame:
    return read_pairs(tmp_path / "nowhere.csv")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "review" / "client_pairs.csv"
    pairs = keep_decisions(nothing(tmp_path), found(("C-1", "C-2"), ("C-3", "C-4"), proposed=""))
    write_pairs(path, pairs, before=None)
    return path


def edit(path, *changes: tuple[str, str], encoding: str = "utf-8-sig", count: int = -1) -> None:
    text = path.read_text(encoding="utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, count)
    path.write_text(text, encoding=encoding, newline="")


def decide(path, decision: str, **other) -> None:
    pairs = read_pairs(path)
    decided = {"decision": decision, "decided_by": "Rūta", "decided_on": "2025-07-02", **other}
    pairs.loc[pairs["left_id"] == "C-1", list(decided)] = list(decided.values())
    write_pairs(path, pairs, before=content(path))


def test_file_opens_in_a_spreadsheet_with_its_letters_and_columns(path):
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines()[0] == ";".join(COLUMNS)


def test_written_pairs_are_read_as_they_were(path):
    pairs = read_pairs(path)
    write_pairs(path, pairs, before=content(path))
    pd.testing.assert_frame_equal(read_pairs(path), pairs)
    assert pairs["left_name"].tolist() == ["UAB „Žulvina“"] * 2


def test_decision_and_comment_are_kept_when_the_pair_is_found_again(path):
    decide(path, "apart", comment="two shops of one owner")
    again = found(("C-1", "C-2"), probability=0.99, evidence="same code")
    pairs = keep_decisions(read_pairs(path), again)
    row = pairs[pairs["left_id"] == "C-1"].iloc[0]
    assert (row["decision"], row["comment"]) == ("apart", "two shops of one owner")
    assert (row["decided_by"], row["evidence"]) == ("Rūta", "same code")


def test_decided_pair_stays_though_it_is_found_no_more_and_an_undecided_one_goes(path):
    decide(path, "same")
    pairs = keep_decisions(read_pairs(path), found(("C-5", "C-6")))
    assert sorted(pairs["left_id"]) == ["C-1", "C-5"]


def test_column_that_a_person_added_is_kept(path):
    edit(path, (";found_on", ";found_on;call them"), (";2025-07-01", ";2025-07-01;yes"))
    pairs = keep_decisions(read_pairs(path), found(("C-1", "C-2"), ("C-7", "C-8")))
    assert pairs.set_index("left_id")["call them"].to_dict() == {
        "C-1": "yes",
        "C-3": "yes",
        "C-7": "",
    }


def test_history_of_the_first_day_stays_so_that_the_kept_client_does(path):
    pairs = keep_decisions(read_pairs(path), found(("C-1", "C-2"), left_history=500))
    assert pairs["left_history"].tolist() == [12]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        pytest.param("utf-8", ",", id="saved as UTF-8 with commas"),
        pytest.param("windows-1257", ";", id="saved in the old Baltic encoding"),
        pytest.param("utf-16", "\t", id="saved as Unicode text with tabs"),
    ],
)
def test_file_is_read_as_spreadsheets_save_it(path, encoding, delimiter):
    decide(path, "same")
    text = path.read_text(encoding="utf-8-sig").replace(";", delimiter).replace('"', "")
    text = text.replace("2025-07-02", "02.07.2025").replace("0.9100", "0.91")
    path.write_text(text, encoding=encoding, newline="")
    row = read_pairs(path).set_index("left_id").loc["C-1"]
    assert (row["decision"], row["decided_on"], row["probability"]) == ("same", "2025-07-02", 0.91)
    assert row["decided_by"] == "Rūta"


def test_decimal_comma_and_capitals_are_understood(path):
    decide(path, "same")
    edit(path, ("0.9100", "0,91"), (";same;", ";Same ;"))
    row = read_pairs(path).set_index("left_id").loc["C-1"]
    assert (row["decision"], row["probability"]) == ("same", 0.91)


@pytest.mark.parametrize("key", ["=1+1", "-5", "+370", "@x", "0012", "1E5", "12-03", "MAY-12"])
def test_key_that_a_spreadsheet_would_run_or_turn_is_guarded_and_comes_back(path, tmp_path, key):
    pairs = keep_decisions(nothing(tmp_path), found((key, "C-9"), left_name=key))
    write_pairs(path, pairs, before=content(path))
    assert f"'{key};" in path.read_text(encoding="utf-8-sig")
    assert read_pairs(path)["left_id"].tolist() == [key]


def test_name_that_would_be_run_as_a_formula_is_not(path, tmp_path):
    pairs = keep_decisions(nothing(tmp_path), found(("C-1", "C-2"), left_name='=HYPERLINK("x")'))
    write_pairs(path, pairs, before=content(path))
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param([("decision;", "verdict;")], "lacks the column 'decision'", id="heading"),
        pytest.param([("same name;;", "same name;maybe;")], "decisions that are none", id="decision"),
        pytest.param([("0.9100", "likely")], "no number in the column 'probability'", id="number"),
        pytest.param([("12;3;2025", "12;2025")], "lines of another length", id="cells lost"),
        pytest.param([("C-3;C-4;", "C-1;C-2;"), ("name;;", "name;same;")], None, id="twice, alike"),
    ],
)  # fmt: skip
def test_broken_file_is_told_and_left_as_it_is(path, changes, message):
    edit(path, *changes)
    before = path.read_bytes()
    if message is None:
        assert len(read_pairs(path)) == 1
    else:
        with pytest.raises(InputError, match=message):
            read_pairs(path)
    assert path.read_bytes() == before


def test_pair_decided_twice_and_differently_is_refused(path):
    edit(path, ("C-3;C-4;", "C-1;C-2;"))
    edit(path, ("same name;;", "same name;same;"), count=1)
    text = path.read_text(encoding="utf-8-sig").replace("same name;;", "same name;apart;")
    path.write_text(text, encoding="utf-8-sig")
    with pytest.raises(InputError, match="decided twice, and differently"):
        read_pairs(path)


def test_empty_file_is_told(path):
    path.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        read_pairs(path)


def test_file_that_somebody_saved_meanwhile_is_not_written_over(path):
    pairs, before = read_pairs(path), content(path)
    decide(path, "apart")
    with pytest.raises(ClientlibError, match="saved by somebody in the meantime"):
        write_pairs(path, pairs, before=before)
    assert read_pairs(path)["decision"].tolist().count("apart") == 1
    assert [other.name for other in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("proposed", "decision", "waits", "merges"),
    [
        ("same", "", False, True),
        ("", "", True, False),
        ("", "same", False, True),
        ("same", "apart", False, False),
        ("", "apart", False, False),
    ],
)
def test_sure_pairs_merge_doubtful_ones_wait_and_people_have_the_last_word(
    proposed, decision, waits, merges
):
    pair = pd.DataFrame({"proposed": [proposed], "decision": [decision]})
    assert (is_waiting(pair)[0], is_in_force(pair)[0]) == (waits, merges)
