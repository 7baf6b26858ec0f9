"""The tabulator completes tables and columns where a notebook reads a warehouse."""

import subprocess
import sys

import pytest
from warm_kernels import folders_of_their_own, kernel

from clientlib.warehouse import open_warehouse
from clientlib.warehouse.completing import find_names

COLUMNS = ["client_id", "month_end", "orders_count"]


@pytest.fixture(scope="module")
def warehouse(small_company):
    with open_warehouse(small_company.warehouse_folder) as opened:
        yield opened


@pytest.fixture(scope="module", params=["python3", "clientlib-warm"])
def complete(request, small_company, tmp_path_factory):
    """Ask a real kernel, as JupyterLab does; give the matches and the text that they replace."""
    with (
        folders_of_their_own(tmp_path_factory.mktemp("wk")) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, text in variables.items():
            patch.setenv(name, text)
        with kernel({}, name=request.param) as cells:
            cells.run(
                "from clientlib.warehouse import open_warehouse\n"
                f"warehouse = open_warehouse({str(small_company.warehouse_folder)!r})\n"
                "again = open_warehouse(warehouse.path)"
            )
            yield lambda code: ask(cells, code)


def ask(cells, code):
    reply = cells.answer_to(cells.client.complete(code))
    return reply["matches"], code[reply["cursor_start"] : reply["cursor_end"]]


def test_tables_are_offered_in_the_place_of_what_was_typed(complete):
    matches, replaced = complete('clients = warehouse.read("marts.client_punc')
    assert (matches, replaced) == (["marts.client_punctuality"], "marts.client_punc")


def test_tables_are_offered_once_though_the_warehouse_was_opened_twice(complete):
    matches, _ = complete("again.has_rows('marts.")
    assert len(matches) > 20
    assert len(set(matches)) == len(matches)
    assert all(name.startswith("marts.") for name in matches)


def test_columns_are_offered_in_a_call_of_several_lines(complete):
    code = 'warehouse.read(\n    "marts.client_orders",\n    columns=["client_id", "mon'
    assert complete(code) == (["month_end"], "mon")


def test_other_completions_stay_as_they_are(complete):
    matches, _ = complete("warehouse.month_")
    assert matches == ["month_ends"]


@pytest.mark.parametrize(
    "code",
    [
        'warehouse.read("marts.client_orders", columns=["',
        'warehouse.read("marts.client_orders", as_of="2025-06-30", columns=["month_end", "',
        "warehouse.read('marts.client_orders', as_of=date(2025, 6, 30), columns=['",
    ],
)
def test_columns_come_in_the_order_of_the_table(warehouse, code):
    begun, names = find_names(code, {"warehouse": warehouse})
    assert begun == ""
    assert names[:3] == COLUMNS


@pytest.mark.parametrize(
    "code",
    [
        pytest.param('warehouse.read("marts.client_orders")\nf(columns=["', id="the call ended"),
        pytest.param('other.read("marts.', id="no such variable"),
        pytest.param('text.read("marts.', id="no warehouse"),
        pytest.param('warehouse.query("marts.', id="SQL"),
        pytest.param('warehouse.read("marts.client_orders", as_of="', id="no column"),
    ],
)
def test_nothing_is_offered_elsewhere(warehouse, code):
    _, names = find_names(code, {"warehouse": warehouse, "text": "text"})
    assert names == []


def test_a_closed_warehouse_offers_nothing_and_breaks_nothing(small_company):
    closed = open_warehouse(small_company.warehouse_folder)
    closed.close()
    assert find_names('closed.read("marts.', {"closed": closed})[1] == []


def test_outside_of_a_notebook_ipython_is_not_imported(small_company):
    code = (
        "import sys; from clientlib.warehouse import open_warehouse; "
        f"open_warehouse({str(small_company.warehouse_folder)!r}); print('IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
