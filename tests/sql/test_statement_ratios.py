import pytest

from clientlib.reliability.learning.ratios import RATIOS as RATIO_NAMES
from clientlib.warehouse.contracts import read_contracts

RATIOS = ("marts.client_profit_ratios", "marts.client_balance_ratios")
STATEMENTS = """
    client_id  version  ends_on     published_on  known_on    known_until  sales_amount  gross_profit_amount  net_profit_amount  interest_cost  depreciation_cost  total_assets_amount  current_assets_amount  inventory_amount  equity_amount  total_liabilities_amount  short_liabilities_amount
    C-1        1        2022-12-31  2023-05-01    2023-05-01  -            800           40                   30                 10             20                 1000                 400                    100               450            550                       300
    C-1        1        2023-12-31  2024-05-01    2024-05-01  2025-06-01   900           50                   40                 10             20                 1000                 400                    100               450            550                       300
    C-1        2        2023-12-31  2024-05-01    2025-06-01  -            600           50                   40                 10             20                 1000                 400                    100               450            550                       300
    C-1        1        2024-12-31  2025-05-01    2025-05-01  -            990           60                   48                 12             20                 1200                 500                    200               600            600                       0
"""


@pytest.fixture
def ratios(warehouse):
    warehouse.given("raw.client_financials", STATEMENTS)
    warehouse.build("marts.statement_figures", *RATIOS)

    def read(column: str) -> list:
        (table,) = (name for name in RATIOS if column in read_contracts()[name].column_names)
        return [value for (value,) in warehouse.rows(table, column)]

    return read


@pytest.mark.parametrize(
    ("ratio", "value"),
    [
        pytest.param("net_profit_to_assets", 48 / 1200, id="return on assets"),
        pytest.param("liabilities_to_assets", 0.5, id="debt"),
        pytest.param("working_capital_to_assets", 500 / 1200, id="working capital"),
        pytest.param("ebit_to_assets", 72 / 1200, id="profit before interest and tax"),
        pytest.param("cash_profit_to_liabilities", 80 / 600, id="cash profit against debt"),
        pytest.param("inventory_days", 365 * 200 / 990, id="days of stock"),
        pytest.param("gross_profit_3y_to_assets", 150 / 1200, id="profits of three years"),
    ],
)
def test_ratio_by_hand(ratios, ratio, value):
    assert ratios(ratio)[-1] == pytest.approx(value)


def test_ratio_is_null_where_its_divisor_is_nought_or_a_part_is_not_known(ratios):
    assert ratios("current_ratio")[-1] is None
    assert ratios("sales_to_fixed_assets")[-1] is None
    assert ratios("log_assets")[0] == pytest.approx(3.0)


def test_growth_uses_the_year_before_as_it_was_known_when_the_statement_came(ratios):
    assert ratios("sales_growth") == [None, 900 / 800, 600 / 800, pytest.approx(990 / 900)]


def test_the_64_ratios_of_the_published_set_stand_in_one_table_each():
    keys = {"client_id", "ends_on", "version", "counted_on"}
    names = [name for table in RATIOS for name in read_contracts()[table].column_names]
    ratios = [name for name in names if name not in keys]
    assert sorted(ratios) == sorted(RATIO_NAMES)
