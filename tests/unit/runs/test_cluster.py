"""Batches on Dask workers, which die, join late, or are not there."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest
from clusters import cluster, free_address, kill
from conftest import CONFIG, write_notebook
from nbformat.v4 import new_code_cell
from warm_kernels import folders_of_their_own, is_running, wait_until

from clientlib import __version__
from clientlib.config import ReportSettings, load_settings
from clientlib.errors import RunError
from clientlib.runs.crews import cluster as crew
from clientlib.runs.crews.cluster import ClusterCrew, find_trouble
from clientlib.runs.entries import describe
from clientlib.runs.executing.execution import run_job
from clientlib.runs.jobs import Job, Limits, Place
from clientlib.runs.ledger import DRAFTS, Ledger
from clientlib.runs.planning.plan import Task
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Hands, Wish
from clientlib.warehouse import build_snapshot, load_sources

NOW = datetime(2025, 7, 1, tzinfo=UTC)
CLIENTS = 20
REPORT = """
[reports.{0}]
notebook = "notebooks/{0}.ipynb"
title = "Report {0}"
question = "?"
needs = ["marts.order_facts"]
editions = ["all", "client"]
parameters = {{ top_n = 99 }}
"""
BY_CLIENT = Wish(editions=("client",))
A_FEW = Wish(("gaps",), editions=tuple(f"client=C-{n:02}" for n in range(1, 9)))
SAY_WHERE = new_code_cell(
    "import os, time\n"
    'where = {"kernel_id": os.getpid(), "worker_id": int(os.environ["JPY_PARENT_PID"])}\n'
    "runs.record(**where)"
)
SOON_SECONDS = 60


@pytest.fixture(scope="module")
def many_clients(tmp_path_factory) -> Path:
    """Give the folder of a project of 20 clients with two reports that run for a moment."""
    root = tmp_path_factory.mktemp("many") / "project"
    (root / "data/raw").mkdir(parents=True)
    (root / "clientlib.toml").write_text(CONFIG + REPORT.format("gaps") + REPORT.format("turns"))
    orders = [f"O-{n},C-{n:02},2025-05-{n:02},delivered" for n in range(1, CLIENTS + 1)]
    lines = ["No,Client,Date,State", *orders, "O-99,C-01,2025-06-10,open", ""]
    (root / "data/raw/orders.csv").write_text("\n".join(lines))
    for name in ("gaps", "turns"):
        issue = new_code_cell(f'runs.issue("client_{name}", scores)\ntime.sleep(0.2)')
        write_notebook(root / f"notebooks/{name}.ipynb", SAY_WHERE, issue)
    load_sources(load_settings(root), now=NOW)
    build_snapshot(load_settings(root), now=NOW)
    return root


@pytest.fixture
def settings(many_clients, tmp_path):
    return load_settings(shutil.copytree(many_clients, tmp_path / "project"))


@pytest.fixture(scope="module")
def variables(tmp_path_factory):
    with folders_of_their_own(tmp_path_factory.mktemp("kernels")) as variables:
        yield variables


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(crew, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(crew, "WORKERLESS_SECONDS", 1.0)


class Killer:
    """Kills workers while they are at a notebook, after so many runs have ended."""

    def __init__(self, settings, found, plan) -> None:
        self.drafts = settings.ledger_folder / DRAFTS
        self.found, self.plan = found, dict(plan)
        self.ended = 0
        self.kernels: list[int] = []

    def __call__(self, run) -> None:
        self.ended += 1
        if self.ended in self.plan:
            self.plan.pop(self.ended)(self)

    def kill_worker(self) -> None:
        wait_until(self._at_work, SOON_SECONDS)
        where = self._at_work()[0]
        self.kernels.append(where["kernel_id"])
        kill(self.found.workers[where["worker_id"]])

    def kill_worker_later(self) -> None:
        """Let the batch go on to the notebook whose worker is killed."""
        Thread(target=self.kill_worker).start()

    def kill_scheduler(self) -> None:
        kill(self.found.processes[0])

    def _at_work(self) -> list[dict]:
        said = [path.read_text() for path in self.drafts.glob("*/figures.json")]
        found = [json.loads(text) for text in said if text]
        return [where for where in found if is_running(where["worker_id"])]


def work(run) -> tuple[str, str]:
    return run.report, run.edition


def issued(settings) -> list[dict]:
    """Give all issued rows of done runs, without the moment at which they were made."""
    rows = [Ledger(settings.ledger_folder).issued(f"client_{name}") for name in ("gaps", "turns")]
    columns = ["client_id", "typical_gap_days", "as_of", "snapshot"]
    return [table[columns].astype(str).sort_values("client_id").to_dict("list") for table in rows]


def leftovers(settings) -> list[Path]:
    ledger = settings.ledger_folder
    return [
        path for name in (".drafts", ".claims", ".editions") for path in ledger.glob(f"{name}/*")
    ]


def test_batch_is_done_once_each_however_many_of_its_workers_die(
    many_clients, settings, variables, tmp_path
):
    with cluster(tmp_path / "dask", variables, workers=2) as found:
        first = set(found.workers)
        killer = Killer(settings, found, {
            8: lambda killer: (killer.kill_worker_later(), found.add_worker()),
            20: Killer.kill_worker_later,
        })  # fmt: skip
        batched = run_reports(settings, BY_CLIENT, Hands(cluster=found.address), killer)

    runs = Ledger(settings.ledger_folder).runs()
    done = [run for run in runs if run.state == "done"]
    assert Counter(map(work, done)) == Counter(
        (name, f"client=C-{n:02}") for name in ("gaps", "turns") for n in range(1, CLIENTS + 1)
    )
    assert sorted(map(work, batched.runs)) == sorted(map(work, done))
    killed = [run for run in runs if run.state == "failed"]
    assert [(run.failure.kind, run.attempt) for run in killed] == [("stopped", 1)] * 2
    assert {run.failure.message for run in killed} == {"its process ended before it did"}
    again = {work(run): run for run in done if run.attempt == 2}
    assert set(again) == set(map(work, killed))
    assert {run.kernel for run in done if run.attempt == 1} == {"warm"}
    assert {run.key_figures["worker_id"] for run in done} - first  # the one that joined later
    assert leftovers(settings) == []
    wait_until(lambda: not any(map(is_running, killer.kernels)))

    here = load_settings(shutil.copytree(many_clients, tmp_path / "here"))
    run_reports(here, Wish(), Hands(workers=2))  # of all clients at once, without a cluster
    assert issued(settings) == issued(here)
    assert [len(rows["client_id"]) for rows in issued(here)] == [CLIENTS, CLIENTS]


def test_death_of_the_scheduler_ends_the_batch_and_the_next_run_resumes(
    settings, variables, tmp_path, impatient
):
    with cluster(tmp_path / "dask", variables, workers=2) as found:
        killer = Killer(settings, found, {3: Killer.kill_scheduler})
        with pytest.raises(RunError, match=r"the Dask scheduler at tcp://.* is gone"):
            run_reports(settings, A_FEW, Hands(cluster=found.address), killer)
        before = killer.ended
    again = run_reports(settings, A_FEW, Hands(workers=2))
    assert before >= 3  # what had ended with the third counts too
    assert again.outcome.elsewhere == {}
    assert len(again.outcome.kept) >= before
    done = [run for run in Ledger(settings.ledger_folder).runs() if run.state == "done"]
    assert Counter(map(work, done)) == Counter(("gaps", edition) for edition in A_FEW.editions)
    assert leftovers(settings) == []


def test_batch_whose_workers_are_all_gone_ends_and_says_so(
    settings, variables, tmp_path, impatient, monkeypatch
):
    monkeypatch.setattr(crew, "CONNECT_SECONDS", 60)  # its worker may take its time to come
    strict = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with cluster(tmp_path / "dask", variables | strict, workers=1) as found:
        killer = Killer(settings, found, {1: Killer.kill_worker_later})
        with pytest.raises(RunError, match=r"the Dask cluster at tcp://.* has lost its workers"):
            run_reports(settings, A_FEW, Hands(cluster=found.address), killer)
    done, killed = Ledger(settings.ledger_folder).runs()
    assert (done.state, killed.state) == ("done", "failed")
    assert killed.failure.message == "its process died with 1 workers, one after another"


def test_address_without_a_scheduler_is_told(settings, impatient):
    address = f"tcp://{free_address()}"
    with pytest.raises(RunError, match=f"no Dask scheduler answers at {address}"):
        run_reports(settings, BY_CLIENT, Hands(cluster=address))


def test_what_is_no_address_is_told(settings, impatient):
    with pytest.raises(RunError, match="no Dask scheduler answers at tpc://here"):
        run_reports(settings, BY_CLIENT, Hands(cluster="tpc://here"))


def test_cluster_that_cannot_run_the_project_is_told(
    settings, variables, tmp_path, impatient, monkeypatch
):
    with cluster(tmp_path / "dask", variables, workers=0) as found:
        with pytest.raises(
            RunError, match=r"at tcp://.* has no workers\n  hint: .*dask worker tcp:"
        ):
            run_reports(settings, BY_CLIENT, Hands(cluster=found.address))
        found.add_worker()
        monkeypatch.setattr(crew, "CONNECT_SECONDS", SOON_SECONDS)
        with pytest.raises(RunError, match=r"cannot run this project\n  rows:    1 of 1") as told:
            ClusterCrew(found.address, place_of(tmp_path / "elsewhere"))
    assert "does not see data/warehouse/x.duckdb of the project" in told.value.details["example"]
    assert Ledger(settings.ledger_folder).runs() == []


def place_of(root: Path) -> Place:
    folders = Path("data/ledger"), Path("reports")
    snapshot = Path("data/warehouse/x.duckdb")
    return Place(root, snapshot, "x", "EUR", *folders, (), "b1", Limits(60, 60, None))


def test_worker_with_another_version_is_told(tmp_path):
    place = place_of(tmp_path)
    place.snapshot_path.parent.mkdir(parents=True)
    place.snapshot_path.touch()
    assert find_trouble(place, __version__) is None
    assert find_trouble(place, "9.9") == f"has clientlib {__version__} instead of 9.9"


@pytest.mark.parametrize(("batch", "is_again"), [("b1", False), ("b0", True)])
def test_forced_job_done_before_its_worker_died_is_not_done_again(
    tmp_path, monkeypatch, batch, is_again
):
    monkeypatch.chdir(tmp_path)  # the job changes the working folder
    settings = ReportSettings(notebook="absent.ipynb", title="x", question="?")
    task = Task("gaps", settings, "all", date(2025, 5, 31), {}, "0" * 16)
    job = Job(task, place_of(tmp_path), is_forced=True)
    (tmp_path / "reports").mkdir()
    done = replace(describe(job, NOW), state="done", failure=None, page="page.html", batch=batch)
    (tmp_path / "reports/page.html").write_text(f"run {done.run_id}")
    ledger = Ledger(tmp_path / "data/ledger")
    ledger.close_draft(ledger.open_draft(done, {}), done)
    assert (run_job(job) != done) is is_again
