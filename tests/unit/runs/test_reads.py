import json

import pytest

from clientlib.runs.planning.reads import tables_read_by

OPEN = "warehouse = open_warehouse(warehouse_path)\n"


@pytest.fixture
def reads(tmp_path):
    def reads(*sources: str):
        cells = [{"cell_type": "code", "source": source} for source in sources]
        path = tmp_path / "notebook.ipynb"
        path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "#"}, *cells]}))
        return tables_read_by(path)

    return reads


def test_tables_of_plain_reads_in_any_cell_are_listed(reads):
    found = reads(
        "from clientlib.warehouse import open_warehouse",
        OPEN + 'orders = warehouse.read("marts.client_orders", as_of=as_of)',
        'f(warehouse.read("marts.clients"), unit=warehouse.currency)\nwarehouse.month_ends()',
    )
    assert found == {"marts.client_orders", "marts.clients"}


def test_warehouse_of_a_with_statement_is_followed(reads):
    assert reads('with open_warehouse(p) as w:\n    x = w.read("marts.clients")') == {
        "marts.clients"
    }


def test_notebook_that_opens_no_warehouse_reads_no_table(reads):
    assert reads("1 + 1") == frozenset()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(OPEN + "warehouse.read(table)", id="name that is made up"),
        pytest.param(OPEN + 'warehouse.read(f"marts.{name}")', id="name that is put together"),
        pytest.param(OPEN + 'warehouse.query("select 1")', id="query"),
        pytest.param(OPEN + "warehouse.profile(as_of=as_of)", id="profile"),
        pytest.param(OPEN + "helper(warehouse)", id="handed on"),
        pytest.param(OPEN + "other = warehouse", id="another name"),
        pytest.param(OPEN + "read = warehouse.read", id="method handed on"),
        pytest.param(OPEN + 'getattr(warehouse, "query")', id="attribute by name"),
        pytest.param("a, b = open_warehouse(p), 1", id="in a tuple"),
        pytest.param('open_warehouse(p).read("marts.clients")', id="without a name"),
        pytest.param("helper(open_warehouse)", id="opening handed on"),
        pytest.param("from clientlib.warehouse import Warehouse\nWarehouse(p)", id="class"),
        pytest.param("import clientlib.warehouse as cw\nw = cw.open_warehouse(p)", id="module"),
        pytest.param("import duckdb\nduckdb.connect(p)", id="database itself"),
        pytest.param(OPEN + "%matplotlib inline", id="magic"),
    ],
)
def test_whatever_may_read_more_is_given_every_table(reads, source):
    assert reads(source) is None


def test_notebook_that_cannot_be_read_is_given_every_table(tmp_path):
    assert tables_read_by(tmp_path / "absent.ipynb") is None
