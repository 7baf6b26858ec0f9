import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.learning.presets import german_credit, polish_bankruptcy
from clientlib.sources.published import read_published


@pytest.fixture(scope="module")
def german_table(shared_data):
    return read_published(shared_data / "german_credit" / "german.data")


@pytest.fixture(scope="module")
def polish_table(shared_data):
    return read_published(shared_data / "polish_bankruptcy_1year" / "1year.parquet")


def test_german_credit_leaves_personal_columns_out(german_table):
    known = german_credit(german_table)
    assert known.rows.shape == (1000, 17)
    assert known.target.sum() == 300
    assert list(known.left_out) == ["personal_status", "age_years", "foreign_worker"]
    first = known.rows.iloc[0]
    assert (first["checking_account"], first["duration_months"]) == ("A11", 6)
    assert german_credit(german_table, with_personal=True).rows.shape == (1000, 20)


def test_directions_name_features_that_the_decision_rule_has(german_table):
    known = german_credit(german_table)
    assert set(known.monotone) <= set(known.rows.columns)


def test_polish_bankruptcies_have_named_ratios_and_know_their_copies(polish_table):
    known = polish_bankruptcy(polish_table)
    assert known.rows.shape == (7027, 64)
    assert known.target.sum() == 271
    assert known.rows["log_assets"].equals(polish_table["Attr29"].rename("log_assets"))
    assert len(known.groups) - known.groups.nunique() == 82


def test_other_tables_are_refused(german_table, polish_table):
    with pytest.raises(InputError, match="form of the published set"):
        german_credit(polish_table)
    with pytest.raises(InputError, match="form of the published set"):
        polish_bankruptcy(german_table)
    with pytest.raises(InputError, match="something else"):
        polish_bankruptcy(polish_table.assign(**{"class": 2}))


def test_published_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no file german\.data"):
        read_published(tmp_path / "german.data")


def test_broken_published_files_are_refused(tmp_path):
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "german.data").write_text("A11 6\nA12 7 8\n", encoding="utf-8")
    for name in ("cut.parquet", "german.data"):
        with pytest.raises(InputError, match="cannot be read"):
            read_published(tmp_path / name)


def test_blank_separated_text_is_read_whatever_the_number_of_blanks(tmp_path):
    (tmp_path / "german.data").write_text("A11  6 1\nA12 7  2 \n", encoding="utf-8")
    expected = pd.DataFrame({1: ["A11", "A12"], 2: [6, 7], 3: [1, 2]})
    pd.testing.assert_frame_equal(read_published(tmp_path / "german.data"), expected)
