"""Reports, editions and kernels speak the language that the configuration gives them."""

import shutil
from datetime import date
from pathlib import Path
from typing import get_args

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from clientlib.config import ReportSettings
from clientlib.config.sections import Company, Language
from clientlib.language import LANGUAGES
from clientlib.runs.keys import target_name, work_key
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.plan import Plan, Planner
from clientlib.runs.planning.readers import Readers
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish
from clientlib.warehouse import open_warehouse

MAY = date(2025, 5, 31)
WORK = ("scores", "all", MAY, {"top_n": 3}, "ab")


def with_report(settings, name, **change):
    report = settings.reports[name].model_copy(update=change)
    return settings.model_copy(update={"reports": {**settings.reports, name: report}})


def plan_fine(settings, editions=("all",)):
    plan = Plan()
    with (
        open_warehouse(settings.warehouse_folder) as warehouse,
        Readers(settings, warehouse.path) as readers,
    ):
        Planner(settings, warehouse, readers).add(plan, "fine", MAY, editions=editions)
    return list(plan.tasks.values())


def test_languages_of_the_configuration_are_those_that_sentences_are_told_in():
    assert get_args(Language) == LANGUAGES


def test_language_makes_other_work_and_english_keeps_the_keys_of_old_ledgers():
    assert work_key(*WORK, manner=["lt"]) != work_key(*WORK)
    assert work_key(*WORK, manner=[]) == work_key(*WORK) == "419be3dca1d71aab"
    assert target_name("scores", "all", MAY, "lt") == "20250531-scores-all.lt"


def test_report_speaks_its_own_language_before_the_companys(settings):
    lithuanian = settings.model_copy(update={"company": Company(language="lt")})
    assert [task.language for task in plan_fine(settings)] == ["en"]
    assert [task.language for task in plan_fine(lithuanian)] == ["lt"]
    own = with_report(lithuanian, "fine", language="en")
    assert [task.language for task in plan_fine(own)] == ["en"]


def test_only_further_languages_are_named_in_the_names_of_files(settings):
    both = with_report(settings, "fine", languages=["lt", "en"])
    assert [(task.language, task.stem) for task in plan_fine(both)] == [
        ("lt", "fine/all"), ("en", "fine/all.en"),
    ]  # fmt: skip


def test_reader_gets_one_edition_in_its_own_language(settings):
    both = with_report(settings, "fine", editions=["client"], languages=["en", "lt"])
    rule = settings.readers["client"].model_copy(update={"languages": {"C-1": "lt"}})
    own = both.model_copy(update={"readers": {**settings.readers, "client": rule}})
    assert [task.language for task in plan_fine(both, ["client"])] == ["en", "lt"]
    assert [(t.language, t.stem) for t in plan_fine(own, ["client"])] == [("lt", "fine/client-C-1")]


def test_change_of_a_catalogue_is_other_work_but_for_english(settings):
    both = with_report(settings, "fine", languages=["en", "lt"])
    english, lithuanian = (task.key for task in plan_fine(both))
    path = settings.root / "notebooks/locale/lt/LC_MESSAGES/notebooks.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"translated")
    changed = [task.key for task in plan_fine(both)]
    shutil.rmtree(settings.root / "notebooks/locale")
    assert changed[0] == english
    assert changed[1] != lithuanian
    assert [task.key for task in plan_fine(both)] == [english, lithuanian]


def test_report_that_is_needed_is_asked_for_in_its_first_language(settings):
    changed = with_report(settings, "stopped", languages=["lt", "en"])
    changed = with_report(changed, "fine", needs=["reports.stopped"])
    *needed, fine = plan_fine(changed)
    assert [task.language for task in needed] == ["lt", "en"]
    assert fine.needs == (needed[0].target,)


@pytest.mark.parametrize(
    "said",
    [{"language": "lt", "languages": ["en"]}, {"languages": ["en", "en"]}, {"language": "de"}],
)
def test_languages_that_contradict_each_other_or_that_there_are_not_are_refused(said):
    with pytest.raises(ValueError, match="language"):
        ReportSettings(notebook=Path("a.ipynb"), title="A", question="A?", **said)


def test_run_of_an_old_ledger_counts_as_english(tmp_path, a_run):
    ledger = Ledger(tmp_path)
    run = a_run("20250701T060000000000-fine-all-0123456789abcdef")
    ledger.close_draft(ledger.open_draft(run, {}), run)
    path = tmp_path / run.run_id / "run.json"
    old = path.read_text(encoding="utf-8").replace(',\n "language": "en"', "")
    assert "language" not in old
    path.write_text(old, encoding="utf-8")
    assert ledger.runs()[0].language == "en"


@pytest.fixture(scope="module")
def spoken_runs(settings):
    """Run a notebook that says what it speaks, in both languages at once."""
    says = new_code_cell(
        "from clientlib import runs\nfrom clientlib.language import show_number, spoken\n"
        "runs.record(headline=f'{spoken()} {show_number(1234.5, 1)}')"
    )
    given = new_code_cell(
        'as_of = "2025-01-31"\nwarehouse_path = "data/warehouse"',
        metadata={"tags": ["parameters"]},
    )
    path = settings.root / "notebooks/spoken.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=[given, says], metadata={"kernelspec": kernel}), path)
    report = ReportSettings(
        notebook=Path("notebooks/spoken.ipynb"), title="S", question="S?", languages=["en", "lt"]
    )
    own = {"reports": {"spoken": report}, "ledger": Path("data/said"), "output": Path("said")}
    changed = settings.model_copy(update=own)
    yield changed, run_reports(changed, Wish((), MAY.isoformat())).runs
    path.unlink()


def test_kernels_speak_the_language_of_their_run_also_warm_ones(spoken_runs):
    _, runs = spoken_runs
    assert [run.failure for run in runs] == [None, None]
    assert {run.language: run.headline for run in runs} == {
        "en": "en 1\u202f234.5",
        "lt": "lt 1\u202f234,5",
    }
    assert {run.kernel for run in runs} == {"warm"}


def test_pages_of_further_languages_lie_beside_the_first(spoken_runs):
    settings, runs = spoken_runs
    pages = {run.language: run.page for run in runs}
    assert pages == {"en": "2025-05-31/spoken/all.html", "lt": "2025-05-31/spoken/all.lt.html"}
    assert all((settings.output_folder / page).is_file() for page in pages.values())


def test_change_of_language_runs_again_what_was_done(spoken_runs):
    settings, _ = spoken_runs
    assert run_reports(settings, Wish((), MAY.isoformat())).outcome.runs == {}
    lithuanian = with_report(settings, "spoken", languages=[], language="lt")
    (run,) = run_reports(lithuanian, Wish((), MAY.isoformat())).outcome.runs.values()
    assert (run.headline, run.page) == ("lt 1\u202f234,5", "2025-05-31/spoken/all.html")
