"""Dagster's assets, on a project of two orders: they do what the commands do."""

import shutil
from datetime import date

import pytest

from clientlib.config import load_settings
from clientlib.runs.ledger import Ledger

dg = pytest.importorskip("dagster", reason="the extra 'schedule' is not installed")

from clientlib.runs.schedules.assets import (  # noqa: E402
    due_periods,
    first_day,
    last_day,
    make_definitions,
    periods_of,
)

SCHEDULED = {"fine": "month", "stopped": "month"}


@pytest.fixture
def project(settings, tmp_path):
    """Give a copy of the project whose reports have a schedule, without any run."""
    root = tmp_path / "project"
    shutil.copytree(settings.root, root, ignore=shutil.ignore_patterns("ledger", "reports"))
    text = (root / "clientlib.toml").read_text(encoding="utf-8")
    for name, every in SCHEDULED.items():
        text = text.replace(f"[reports.{name}]\n", f'[reports.{name}]\nevery = "{every}"\n')
    (root / "clientlib.toml").write_text(
        "[runs]\nattempts = 2\nbackoff_seconds = 0\n" + text, encoding="utf-8"
    )
    return load_settings(root)


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def materialize(project, instance, *names, partition=None):
    definitions = make_definitions(project)
    assets = [*definitions.assets, *definitions.asset_checks]
    return dg.materialize(
        assets, selection=dg.AssetSelection.assets(*names), instance=instance,
        partition_key=partition, raise_on_error=False,
    )  # fmt: skip


def metadata(result, asset):
    (event,) = result.asset_materializations_for_node(asset)
    return {name: value.value for name, value in event.metadata.items()}


def test_load_build_and_a_report_are_made_in_the_order_of_their_needs(project, instance):
    warehouse = materialize(project, instance, "load", "build")
    assert warehouse.success
    assert metadata(warehouse, "load")["read_count"] == 2
    report = materialize(project, instance, "fine", partition="2025-05-01")
    assert report.success
    told = metadata(report, "fine")
    assert told["snapshot"] == metadata(warehouse, "build")["snapshot"]
    assert told["runs"] == {"done": 1, "failed": 0, "skipped": 0}
    assert told["pages"] == ["2025-05-31/fine/all.html"]
    assert (project.output_folder / told["pages"][0]).is_file()


def test_what_dagster_ran_is_in_our_ledger_and_is_not_run_again(project, instance):
    for _ in range(2):
        assert materialize(project, instance, "fine", partition="2025-05-01").success
    assert len(Ledger(project.ledger_folder).runs()) == 1


def test_failed_report_fails_its_asset_with_the_message(project, instance):
    result = materialize(project, instance, "stopped", partition="2025-05-01")
    assert not result.success
    assert len(Ledger(project.ledger_folder).runs()) == 2, "Dagster tries it again"
    (failure,) = result.get_step_failure_events()
    assert "no client named <Šarūnas>" in failure.step_failure_data.error.to_string()


def test_period_that_the_data_do_not_know_fails_without_a_retry(project, instance):
    result = materialize(project, instance, "fine", partition="2025-06-01")
    (failure,) = result.get_step_failure_events()
    assert "did you mean 2025-06-10" in failure.step_failure_data.error.to_string()
    assert not any(event.event_type_value == "STEP_UP_FOR_RETRY" for event in result.all_events)


def test_checks_tell_contracts_and_the_quarantine(project, instance):
    orders = project.root / "data/raw/orders.csv"
    orders.write_text(orders.read_text() + "O-3,C-3,2025-06-11,lost\n")
    result = materialize(project, instance, "load", "build")
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert checks["contracts"].passed
    assert checks["contracts"].metadata["broken"].value == 0
    assert metadata(result, "load")["quarantined_by_table"].get("orders") == 1


def test_quarantine_is_a_warning_with_its_reasons(project, instance):
    orders = project.root / "data/raw/orders.csv"
    orders.write_text(orders.read_text() + "O-3,C-3,2025-06-11,lost\n")
    materialize(project, instance, "load", "build")
    again = materialize(project, instance, "load")
    (check,) = [
        one for one in again.get_asset_check_evaluations() if one.check_name == "quarantine"
    ]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert check.metadata["reasons"].value == {
        "orders: status is none of open, delivered, cancelled": 1
    }


def test_schedule_asks_for_what_is_missing_of_closed_periods_and_for_nothing_else(
    project, instance
):
    assert list(due_periods(project, "fine")) == ["2025-05-01"]
    assert materialize(project, instance, "fine", partition="2025-05-01").success
    assert due_periods(project, "fine") == {}


def test_schedules_run_by_themselves_at_the_configured_times(project):
    definitions = make_definitions(project)
    schedules = {one.name: one for one in definitions.schedules}
    assert sorted(schedules) == ["fine_due", "refresh", "stopped_due"]
    assert schedules["refresh"].cron_schedule == project.schedule.refresh
    assert all(one.default_status == dg.DefaultScheduleStatus.RUNNING for one in schedules.values())
    request = schedules["fine_due"].evaluate_tick(
        dg.build_schedule_context(repository_def=definitions.get_repository_def())
    )
    assert [one.partition_key for one in request.run_requests] == ["2025-05-01"]


@pytest.mark.parametrize(
    ("first", "every", "last"),
    [
        ("2025-05-01", "month", date(2025, 5, 31)),
        ("2024-02-01", "month", date(2024, 2, 29)),
        ("2025-10-01", "quarter", date(2025, 12, 31)),
        ("2025-01-01", "year", date(2025, 12, 31)),
    ],
)
def test_period_of_a_partition_ends_on_its_last_day(first, every, last):
    assert last_day(first, every) == last


@pytest.mark.parametrize(
    ("every", "keys"),
    [
        ("month", ["2025-05-01", "2025-06-01", "2025-07-01"]),
        ("quarter", ["2025-04-01", "2025-07-01", "2025-10-01"]),
        ("year", ["2025-01-01"]),
    ],
)
def test_periods_begin_with_that_of_the_first_day(project, every, keys):
    report = project.reports["fine"].model_copy(update={"every": every})
    periods = periods_of(report, date(2025, 5, 20), "UTC")
    assert periods.get_partition_keys()[: len(keys)] == keys


def test_report_without_a_schedule_has_no_periods(project):
    assert periods_of(project.reports["deep"], date(2025, 5, 20), "UTC") is None


def test_periods_are_offered_from_the_first_month_of_the_data(project):
    assert first_day(project) == date(2025, 5, 1)
