import re
from datetime import date

import pytest

from clientlib.errors import ConfigError, RunError
from clientlib.runs.planning.plan import Plan, Planner, check_reports
from clientlib.runs.planning.readers import Readers
from clientlib.warehouse import open_warehouse

MAY = date(2025, 5, 31)


@pytest.fixture(scope="module")
def warehouse(settings):
    with open_warehouse(settings.warehouse_folder) as warehouse:
        yield warehouse


@pytest.fixture
def planned(settings, warehouse):
    """Plan reports and give their tasks in order."""

    def planned(*names, changed=settings, **asked):
        plan = Plan()
        with Readers(changed, warehouse.path) as readers:
            planner = Planner(changed, warehouse, readers)
            for name in check_reports(changed, names):
                planner.add(plan, name, MAY, **asked)
        return list(plan.tasks.values())

    return planned


def test_all_reports_are_planned_in_the_order_of_the_configuration(settings, planned):
    tasks = planned()
    assert [task.report for task in tasks] == list(settings.reports)
    assert {task.edition for task in tasks} == {"all"}


def test_report_asked_for_twice_is_planned_once(planned):
    tasks = planned("stopped", "fine", "stopped")
    assert [task.report for task in tasks] == ["stopped", "fine"]


def test_report_whose_inputs_are_empty_says_which(planned):
    (hungry,) = planned("hungry")
    assert hungry.missing == (
        "marts.price_pairs has no rows up to 2025-05-31: "
        "no source brings competitor_prices, order_lines, product_matches, products"
    )


def test_unknown_report_offers_the_nearest(planned):
    with pytest.raises(RunError, match="did you mean 'fine'"):
        planned("fien")


def test_project_without_reports_says_so(settings, planned):
    empty = settings.model_copy(update={"reports": {}})
    with pytest.raises(ConfigError, match="no report is configured"):
        planned(changed=empty)


def changed_report(settings, name, **change):
    report = settings.reports[name].model_copy(update=change)
    return settings.model_copy(update={"reports": {**settings.reports, name: report}})


def test_each_gives_an_edition_to_every_reader_of_the_kinds_that_a_report_has(settings, planned):
    changed = changed_report(settings, "fine", editions=["all", "client"])
    tasks = planned("fine", changed=changed, editions=["each"])
    assert [task.edition for task in tasks] == ["all", "client=C-1"]
    assert tasks[1].reader.title == "C-1"
    assert [task.edition for task in planned("fine", changed=changed)] == ["all"]
    assert [task.edition for task in planned("fine", changed=changed, editions=["client=C-1"])] == [
        "client=C-1"
    ]


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        pytest.param("clinet", "has no editions by 'clinet'.*did you mean 'client'", id="kind"),
        pytest.param("region", "has no editions by 'region'", id="kind that the report lacks"),
        pytest.param("client=C-9", "there is no client 'C-9'.*did you mean 'C-1'", id="reader"),
    ],
)
def test_edition_that_there_is_not_offers_the_nearest(settings, planned, edition, said):
    changed = changed_report(settings, "fine", editions=["all", "client"])
    with pytest.raises(RunError, match=re.compile(said, re.DOTALL)):
        planned("fine", changed=changed, editions=[edition])


def test_report_comes_after_those_that_it_needs_and_follows_their_work(settings, planned):
    changed = changed_report(settings, "fine", needs=["marts.order_facts", "reports.stopped"])
    stopped, fine = planned("fine", changed=changed)
    assert (stopped.report, fine.needs) == ("stopped", (stopped.target,))
    again = changed_report(changed, "stopped", parameters={"top_n": 9})
    assert planned("fine", changed=again)[1].key != fine.key
    assert planned("fine", changed=changed)[1].key == fine.key


def test_report_comes_after_those_that_it_wants_and_follows_their_work(settings, planned):
    changed = changed_report(settings, "fine", wants=["reports.stopped"])
    stopped, fine = planned("fine", changed=changed)
    assert (stopped.report, fine.needs, fine.wants) == ("stopped", (), (stopped.target,))
    again = changed_report(changed, "stopped", parameters={"top_n": 9})
    assert planned("fine", changed=again)[1].key != fine.key


def test_given_parameters_go_before_the_configured_ones_in_their_type(planned):
    (task,) = planned("fine", given={"top_n": "7"})
    assert task.parameters == {"top_n": 7}
    assert planned("fine")[0].parameters == {"top_n": 3}


def test_wrong_parameter_is_refused_before_anything_runs(planned):
    with pytest.raises(ConfigError, match="no parameter 'topn'\n.*did you mean 'top_n'"):
        planned("fine", given={"topn": "7"})


def test_editions_whose_readers_are_not_named_yet_are_planned_later(settings, warehouse):
    changed = changed_report(settings, "fine", editions=["all", "segment"])
    plan = Plan()
    with Readers(changed, warehouse.path) as readers:
        Planner(changed, warehouse, readers).add(plan, "fine", MAY, editions=["each"])
    assert [task.edition for task in plan.tasks.values()] == ["all"]
    assert plan.later == [("fine", "segment", MAY)]
