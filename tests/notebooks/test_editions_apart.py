"""No edition shows a client of another reader, and no notebook gets at one."""

import html
import json
from datetime import date

import nbformat
import pytest
from apart import files_of, foreign_texts, found_in, texts_of
from nbformat.v4 import new_code_cell, new_notebook
from projects import fill

from clientlib.config import load_settings
from clientlib.kernels import KERNEL
from clientlib.kernels.confinement import landlock_version
from clientlib.runs.executing.engine import KernelStart
from clientlib.runs.executing.notebooks import execute
from clientlib.runs.planning.readers import Readers
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish
from clientlib.sample import write_sample
from clientlib.starter import write_project
from clientlib.warehouse import ONLY_FILE, open_warehouse

REPORTS = (
    "segmentation", "reliability", "competitors", "management_review", "account_manager_month",
)  # fmt: skip
AS_OF = date(2025, 12, 31)
SAMPLE = "data/raw/sample"
PRYING = """
[reports.{name}]
notebook = "notebooks/{name}.ipynb"
title = "Prying"
question = "What can an edition see?"
editions = ["manager"]
"""
# Each way ends with `seen`, which the cell shows; `other` is the page of another reader.
WAYS = {
    "warehouse": ('seen = open_warehouse("data/warehouse").read("marts.clients")', "InputError"),
    "snapshot": (
        'seen = duckdb.connect("{snapshot}", read_only=True).sql("from staging.clients").df()',
        "IOException",
    ),
    "page": ('seen = open("{other}").read()', "PermissionError"),
    "ledger": ('seen = os.listdir("data/ledger")', "PermissionError"),
    "editions": ('seen = os.listdir("data/ledger/.editions")', "PermissionError"),
    "program": (
        'seen = subprocess.check_output(["cat", "{other}"], text=True)',
        "CalledProcessError",
    ),
    "sources": ('seen = os.listdir("data/raw/sample")', "PermissionError"),
    "source": ('seen = open("data/raw/sample/{source}").read()', "PermissionError"),
    "proc": ('seen = open("/proc/self/cwd/{other}").read()', "PermissionError"),
    "link": (
        'link = os.path.join(os.environ["TMPDIR"], "link")\n'
        'os.symlink(os.path.abspath("{other}"), link)\nseen = open(link).read()',
        "PermissionError",
    ),
}
IMPORTS = new_code_cell(
    "import os, subprocess\n\nimport duckdb\n\nfrom clientlib.warehouse import open_warehouse"
)

needs_landlock = pytest.mark.skipif(landlock_version() < 3, reason="this system has no Landlock")


def write_notebook(path, *cells) -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    parameters = new_code_cell(
        f'as_of = "{AS_OF}"\nwarehouse_path = "data/warehouse"', metadata={"tags": ["parameters"]}
    )
    nbformat.write(new_notebook(cells=[parameters, IMPORTS, *cells], metadata=metadata), path)


def prying_cell(way: str, words: dict, tags=()):
    return new_code_cell(WAYS[way][0].format(**words) + "\nprint(seen)", metadata={"tags": [*tags]})


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Give a project of 120 clients whose reports have editions by manager."""
    root = tmp_path_factory.mktemp("company")
    write_project(root)
    config = root / "clientlib.toml"
    said = config.read_text(encoding="utf-8").splitlines()
    said = [line for line in said if not line.startswith("editions =")]
    for name in REPORTS:
        said.insert(said.index(f"[reports.{name}]") + 1, 'editions = ["all", "manager"]')
    said += [PRYING.format(name=f"by_{way}") for way in WAYS] + [PRYING.format(name="all_ways")]
    config.write_text("\n".join(said), encoding="utf-8")
    write_sample(root / SAMPLE, seed=5, clients=120)
    settings = load_settings(root)
    fill(settings)
    return settings


@pytest.fixture(scope="module")
def clients(settings):
    with open_warehouse(settings.warehouse_folder) as warehouse:
        return warehouse.read("staging.clients")


@pytest.fixture(scope="module")
def snapshot(settings):
    with open_warehouse(settings.warehouse_folder) as warehouse:
        return warehouse.path


@pytest.fixture(scope="module")
def managers(settings, snapshot) -> dict[str, tuple[str, ...]]:
    """Give the keys of the clients of the two managers who have most."""
    with Readers(settings, snapshot) as readers:
        found = readers.audience("manager", AS_OF).readers
        largest = sorted(found, key=lambda reader: -reader.clients_count)[:2]
        return {one.key: readers.write_file(one, AS_OF).clients for one in largest}


@pytest.fixture(scope="module")
def runs(settings, managers) -> dict:
    wish = Wish(REPORTS, editions=("all", *(f"manager={key}" for key in managers)))
    ended = run_reports(settings, wish).runs
    assert [run.failure for run in ended if run.state != "done"] == []
    return {(run.report, run.edition): run for run in ended}


@pytest.fixture(scope="module")
def words(settings, snapshot, managers, runs) -> dict[str, str]:
    """Give what prying notebooks look for: what belongs to the second manager."""
    _, second = managers
    page = runs["reliability", f"manager={second}"].page
    return {
        "snapshot": snapshot.relative_to(settings.root).as_posix(),
        "other": f"{settings.output.as_posix()}/{page}",
        "source": min(path.name for path in (settings.root / SAMPLE).iterdir()),
    }


@pytest.fixture(scope="module")
def pried(settings, managers, words) -> dict:
    """Run a prying notebook each way, for the first manager."""
    for way in WAYS:
        write_notebook(settings.root / f"notebooks/by_{way}.ipynb", prying_cell(way, words))
    names = tuple(f"by_{way}" for way in WAYS)
    ended = run_reports(settings, Wish(names, editions=(f"manager={next(iter(managers))}",))).runs
    return {run.report.removeprefix("by_"): run for run in ended}


def test_managers_have_clients_of_their_own(clients, managers):
    first, second = (set(keys) for keys in managers.values())
    assert min(len(first - second), len(second - first)) >= 10
    assert all(len(foreign_texts(clients, keys)) > 200 for keys in managers.values())


@pytest.mark.parametrize("report", REPORTS)
def test_no_file_of_an_edition_names_a_client_of_another(settings, clients, managers, runs, report):
    for key, own in managers.items():
        files = files_of(settings, runs[report, f"manager={key}"])
        assert {path.suffix for path in files} >= {".html", ".ipynb", ".json"}
        foreign = foreign_texts(clients, own)
        assert {path.name: found for path in files if (found := found_in(path, foreign))} == {}


@pytest.mark.parametrize(
    "report", ["segmentation", "reliability", "management_review", "account_manager_month"]
)
def test_each_edition_names_clients_of_its_own(settings, clients, managers, runs, report):
    for key, own in managers.items():
        page = settings.output_folder / runs[report, f"manager={key}"].page
        mine = clients[clients["client_id"].isin(own)]
        assert len(found_in(page, texts_of(mine))) >= 5


@pytest.mark.parametrize("report", ["segmentation", "reliability"])
@pytest.mark.parametrize("suffix", [".html", ".ipynb", ".parquet", ".pptx", ".xlsx"])
def test_search_finds_others_where_a_notebook_was_given_the_whole_snapshot(
    settings, clients, managers, runs, report, suffix
):
    foreign = foreign_texts(clients, next(iter(managers.values())))
    files = [path for path in files_of(settings, runs[report, "all"]) if path.suffix == suffix]
    assert any(found_in(path, foreign) for path in files)


def test_review_of_a_manager_shows_its_own_goal_and_nobody_else_s(
    settings, snapshot, managers, runs
):
    with open_warehouse(snapshot) as warehouse:
        names = warehouse.read("staging.managers").set_index("manager_id")["name"]
    for key in managers:
        page = settings.output_folder / runs["management_review", f"manager={key}"].page
        others = [name for name in names.drop(key)]
        assert found_in(page, [names[key], *others]) == [names[key]]


@pytest.mark.parametrize(
    "escape",
    [
        pytest.param(str, id="as it is"),
        pytest.param(html.escape, id="in a page"),
        pytest.param(json.dumps, id="in chart data"),
        pytest.param(lambda name: json.dumps(json.dumps(name)), id="in a text in a notebook"),
        pytest.param(lambda name: json.dumps(name).replace("&", "\\u0026"), id="in a script"),
    ],
)
def test_search_finds_one_foreign_name_however_it_is_escaped(
    settings, managers, runs, tmp_path, escape
):
    name = 'UAB "Šiaulių & Co"'
    page = settings.output_folder / runs["reliability", f"manager={next(iter(managers))}"].page
    planted = tmp_path / "page.html"
    text = page.read_text(encoding="utf-8")
    assert found_in(page, [name]) == []
    planted.write_text(text.replace("</body>", f"<script>{escape(name)}</script></body>"), "utf-8")
    assert found_in(planted, [name]) == [name]


@needs_landlock
@pytest.mark.parametrize("way", WAYS)
def test_edition_that_tries_to_reach_others_fails_and_shows_none(
    settings, clients, managers, pried, way
):
    run = pried[way]
    assert (run.state, run.failure.error_name, run.kernel) == ("failed", WAYS[way][1], "warm")
    foreign = foreign_texts(clients, next(iter(managers.values())))
    assert [found for path in files_of(settings, run) if (found := found_in(path, foreign))] == []


@needs_landlock
def test_cold_kernel_is_held_as_a_warm_one_is(settings, managers, words):
    cells = [prying_cell(way, words, tags=["raises-exception"]) for way in WAYS]
    write_notebook(settings.root / "notebooks/all_ways.ipynb", *cells)
    cold = settings.model_copy(
        update={"runs": settings.runs.model_copy(update={"warm_kernels": False})}
    )
    wish = Wish(("all_ways",), editions=(f"manager={next(iter(managers))}",))
    (run,) = run_reports(cold, wish).runs
    assert run.kernel == "cold"
    notebook = nbformat.read(settings.output_folder / run.notebook, as_version=4)
    outputs = [cell.outputs for cell in notebook.cells[-len(WAYS) :]]
    assert [output[-1]["ename"] for output in outputs] == [error for _, error in WAYS.values()]


def test_without_confinement_another_warehouse_is_refused_all_the_same(
    settings, snapshot, tmp_path, monkeypatch
):
    monkeypatch.chdir(settings.root)
    write_notebook(tmp_path / "prying.ipynb", prying_cell("warehouse", {}))
    environment = {ONLY_FILE: str(tmp_path / "edition.duckdb"), "CLIENTLIB_COLD": "1"}
    ended = execute(
        tmp_path / "prying.ipynb",
        tmp_path / "executed.ipynb",
        parameters={},
        start=KernelStart(KERNEL, environment=environment),
    )
    assert ended.failure.error_name == "InputError"
    assert ended.failure.message.startswith(f"this edition may not open {snapshot.name}")
