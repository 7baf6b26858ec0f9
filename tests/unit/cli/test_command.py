import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime

import numpy as np
import pytest

from clientlib.cli import output
from clientlib.cli.output import say_json, say_table
from clientlib.sample import write_sample

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
ESCAPE = "\x1b"


def strict(text: str):
    """Read JSON as machines do, to which NaN and Infinity are none."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_parts_of_the_demo_work_on_fifty_clients(call, tmp_path):
    root = tmp_path / "demo"
    assert call("init", str(root)).code == 0
    steps = [call(*step, folder=root) for step in
             (["sample", "--clients", "50"], ["load"], ["build"], ["check"])]  # fmt: skip
    assert [step.code for step in steps] == [0, 0, 0, 0]
    sample, load, build, check = (step.out for step in steps)
    assert "data/raw/sample" in sample
    assert "rows read" in load.splitlines()[-2]
    assert "built    marts.client_orders" in build
    assert "0 broken" in check
    assert not any(step.error for step in steps)


def test_match_finds_pairs_and_the_build_and_status_say_what_came_of_them(call, tmp_path):
    root = tmp_path / "company"
    for step in (["init", str(root)], ["sample", "--clients", "50"], ["load"]):
        assert call(*step, folder=root if step[0] != "init" else tmp_path).code == 0
    match = call("match", folder=root)
    assert "2 pairs the same" in match.out
    assert strict(call("match", "--json", folder=root).out)[0]["new_count"] == 0
    assert "2 counted under another" in call("build", folder=root).out
    found = strict(call("status", "--json", folder=root).out)
    assert (found["merged_clients"], found["waiting_pairs"]) == (2, 0)
    assert "held apart from 1" in call("match", "--undo", "C-0051", folder=root).out
    assert call("match", "--undo", "C-9999", folder=root).code == 1
    assert "1 counted under another" in call("build", folder=root).out


def test_init_says_what_to_do_next(call, tmp_path):
    answer = call("init", str(tmp_path / "[b]new"))
    assert f"cd {tmp_path}/[b]new && clientlib sample && clientlib load" in answer.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--version"], 0, id="version"),
        pytest.param(["--help"], 0, id="help"),
        pytest.param(["show"], 0, id="done"),
        pytest.param(["show", "nowhere"], 1, id="stated failure"),
        pytest.param(["run", "nowhere"], 1, id="unknown report"),
        pytest.param(["run", "--as-of", "2025-06-29"], 1, id="no month end"),
        pytest.param(["sample", "--clients", "3"], 1, id="too few clients"),
        pytest.param(["shwo"], 2, id="unknown command"),
        pytest.param(["show", "--rows", "none"], 2, id="no number"),
        pytest.param(["show", "--rows", "0"], 2, id="no rows"),
        pytest.param(["build", "--all"], 2, id="unknown option"),
        pytest.param(["init"], 2, id="missing argument"),
    ],
)
def test_command_ends_with_0_when_done_1_on_a_stated_failure_2_on_wrong_use(
    call, project, arguments, code
):
    answer = call(*arguments, folder=project)
    assert answer.code == code
    assert bool(answer.error) == (code > 0)
    assert "Traceback" not in answer.error


def test_stated_failure_is_told_on_stderr_in_the_form_of_every_error(call, project):
    answer = call("show", "client_order", folder=project)
    assert answer.out == ""
    assert answer.error.splitlines() == [
        "there is no table 'client_order'",
        "  hint:    did you mean 'client_orders'?",
    ]


def test_fault_of_ours_keeps_its_traceback(call, project, monkeypatch):
    monkeypatch.setattr("clientlib.cli.warehousing.read_contracts", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call("build", folder=project)


def test_outside_of_a_project_the_command_says_so(call, tmp_path):
    answer = call("status", folder=tmp_path)
    assert answer.code == 1
    assert answer.error.startswith("no clientlib.toml in ")


def test_command_works_from_within_a_project(call, project):
    assert call("show", folder=project / "data" / "raw").code == 0


def test_status_before_any_snapshot_says_what_to_do(call, empty):
    answer = call("status", folder=empty)
    assert (answer.code, answer.out) == (
        0,
        "no snapshot yet: clientlib load, then clientlib build\n",
    )
    found = strict(call("status", "--json", folder=empty).out)
    assert (found["snapshot"], found["snapshots"], found["runs"]) == (None, [], [])


@pytest.mark.parametrize("command", ["check", "run", "show"])
def test_without_a_snapshot_a_reader_is_told_to_load_and_build(call, empty, command):
    answer = call(command, folder=empty)
    assert answer.code == 1
    assert "there is no warehouse" in answer.error or "no snapshot yet" in answer.error


def test_status_tells_the_snapshot_and_the_quarantine_to_a_machine(call, project):
    found = strict(call("status", "--json", folder=project).out)
    assert found["snapshots"] == [found["snapshot"]] == ["20260105T060000"]
    assert found["data_end"] == "2025-12-31"
    assert found["loaded_at"] == "2026-01-05T06:00:00"
    assert {"table", "reason", "rows"} == set(found["quarantine"][0])


def test_status_tells_a_reader_that_the_last_load_is_old(call, project):
    out = call("status", folder=project).out
    assert "current  snapshot 20260105T060000" in out
    assert "stale    the last load" in out


def test_check_tells_its_findings_to_a_machine(call, project):
    answer = call("check", "--json", folder=project)
    found = strict(answer.out)
    assert answer.code == 0
    assert (found["snapshot"], found["is_sound"]) == ("20260105T060000", True)
    assert all(finding["severity"] == "warning" for finding in found["findings"])


def test_broken_contract_of_a_snapshot_ends_with_1_and_names_it(call, project, monkeypatch):
    from dataclasses import replace

    from clientlib.warehouse import quality
    from clientlib.warehouse.contracts import read_contracts

    narrow = replace(read_contracts()["marts.order_facts"], grain=("client_id",))
    contracts = read_contracts() | {"marts.order_facts": narrow}
    monkeypatch.setattr(quality, "read_contracts", lambda: contracts)
    answer = call("check", folder=project)
    assert answer.code == 1
    assert "broken: marts.order_facts breaks its contract: one row per client_id" in answer.out
    assert strict(call("check", "--json", folder=project).out)["is_sound"] is False


@pytest.mark.parametrize("table", ["marts.client_orders", "client_orders"])
def test_first_rows_of_a_table_are_shown_to_a_machine_without_nan(call, project, table):
    answer = call("show", table, "--rows", "40", "--json", "--as-of", "2025-06-30", folder=project)
    rows = strict(answer.out)
    assert len(rows) == 40
    assert any(row["typical_gap_days"] is None for row in rows)
    assert max(row["month_end"] for row in rows) == "2025-06-30"


def test_tables_with_lists_and_structs_can_be_shown_too(call, project):
    names = [row["table"] for row in strict(call("show", "--json", folder=project).out)]
    assert {"marts.clients", "about.dated_tables", "about.quarantine"} <= set(names)
    for name in (name for name in names if name.startswith("about.")):
        assert call("show", name, "--rows", "2", folder=project).code == 0
        assert len(strict(call("show", name, "--rows", "2", "--json", folder=project).out)) > 0


def test_table_is_shown_with_its_whole_values_whatever_its_width(call, project):
    out = call("show", "client_orders", "--rows", "1", folder=project).out
    heading, row = out.rstrip("\n").splitlines()
    assert heading.split()[:3] == ["client_id", "month_end", "orders_count"]
    assert "revenue_previous_12m_amount" in heading
    assert len(row.split()) == len(heading.split())


def test_rows_in_quarantine_are_shown_with_their_reasons(call, project):
    rows = strict(call("show", "quarantine", "--json", "--rows", "5", folder=project).out)
    assert len(rows) == 5
    assert all(row["reasons"] and row["file"] and row["row"] for row in rows)
    assert call("show", "QUARANTINE", folder=project).out.startswith("table")


def test_quarantine_is_shown_over_time_by_load_and_table(call, project):
    answer = call("show", "quarantine", "--over-time", "--json", "--rows", "99", folder=project)
    moves, waiting = (
        strict(answer.out),
        len(strict(call("show", "quarantine", "--json", "--rows", "999", folder=project).out)),
    )
    assert set(moves[0]) == {"load", "loaded_on", "table", "entered", "released", "open"}
    assert {row["load"] for row in moves} == {1}
    assert sum(row["entered"] for row in moves) == sum(row["open"] for row in moves) == waiting > 0


def test_only_the_quarantine_is_shown_over_time(call, project):
    answer = call("show", "clients", "--over-time", folder=project)
    assert (answer.code, "only the quarantine" in answer.error) == (1, True)


def test_columns_of_a_table_stand_below_each_other(call, project):
    lines = call("show", "clients", "--rows", "5", folder=project).out.splitlines()
    assert len(lines) == 6
    start = lines[0].index("name")
    assert all(line[start - 1] == " " and line[start] != " " for line in lines)


def test_day_that_is_none_is_refused(call, project):
    answer = call("show", "client_orders", "--as-of", "yesterday", folder=project)
    assert answer.code == 1
    assert answer.error.startswith("as_of is no day: 'yesterday'")


def test_second_load_while_another_writes_is_refused_with_its_process(call, project):
    from clientlib.warehouse.lock import writing

    with writing(project / "data/warehouse", "build"):
        answer = call("load", folder=project)
    assert answer.code == 1
    assert answer.error.splitlines()[:2] == [
        "the warehouse is being written by clientlib build",
        f"  example: process {os.getpid()}",
    ]


@pytest.mark.parametrize("command", [["status"], ["show"], ["check"], ["show", "clients"]])
def test_lines_are_plain_where_the_output_is_no_terminal(call, project, command):
    answer = call(*command, folder=project)
    assert answer.out
    assert ESCAPE not in answer.out


def test_processes_end_with_the_same_codes_and_plain_words(project):
    command = [sys.executable, "-c", "from clientlib.cli import main; main()", "show", "nowhere"]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("there is no table 'nowhere'")
    assert "Traceback" not in ended.stderr
    assert ESCAPE not in ended.stderr


def test_json_holds_what_pandas_and_numpy_give(capsys):
    say_json(
        {"a": np.float64("nan"), "b": [np.int64(3), np.array([1, 2])], "c": np.datetime64("NaT")}
    )
    assert strict(capsys.readouterr().out) == {"a": None, "b": [3, [1, 2]], "c": None}


def test_table_shows_lists_and_missing_values(capsys):
    say_table(["a", "b"], [{"a": np.array(["x", "y"]), "b": None}, {"a": np.nan, "b": 1234.5}])
    assert capsys.readouterr().out.split() == ["a", "b", "x,", "y", "-", "-", "1,234.50"]


def test_text_that_looks_like_markup_is_printed_as_it_is(capsys):
    output.OUT.print("[bold]x[/bold] :smile: [/]")
    assert capsys.readouterr().out == "[bold]x[/bold] :smile: [/]\n"


def test_show_says_how_many_rows_it_left_out(call, project):
    answer = call("show", "clients", "--rows", "3", folder=project)
    assert answer.error.startswith("3 of ")
    assert "rows; all of them with: --rows " in answer.error
    assert call("show", "month_ends", folder=project).error == ""


def test_reasons_of_the_quarantine_are_shown_whole(call, project):
    lines = call("show", "quarantine", "--rows", "1000", folder=project).out
    assert "is no day from 1950 up to the day of loading" in lines


def test_a_day_asked_of_a_table_without_days_is_told_to_change_nothing(call, project):
    answer = call("show", "managers", "--as-of", "2020-01-31", folder=project)
    assert (answer.code, answer.error) == (
        0,
        "staging.managers does not go by day: it is shown as it is known now\n",
    )
    assert call("show", "month_ends", "--as-of", "2025-06-30", folder=project).error == ""


def test_load_that_fails_says_that_nothing_is_kept(call, empty):
    write_sample(empty / "data/raw/sample", seed=7, clients=50, start=date(2025, 1, 1))
    (empty / "data/raw/sample/rival_prices_2025.csv").write_text("")
    answer = call("load", folder=empty)
    assert answer.code == 1
    assert "loaded   clients" in answer.out
    assert answer.error.splitlines()[:2] == [
        "nothing of this load is kept, what is told above neither:",
        "rival_prices_2025.csv is empty",
    ]


def test_load_past_a_limit_is_refused_until_the_excess_is_accepted(call, empty):
    write_sample(empty / "data/raw/sample", seed=7, clients=50, start=date(2025, 1, 1))
    orders = empty / "data/raw/sample/erp_orders_2025.csv"
    head, *rows = orders.read_text(encoding="utf-8").splitlines(keepends=True)
    orders.write_text(head + "".join(rows[:1] + ["only one cell\n"] * 20), encoding="utf-8")
    refused = call("load", folder=empty)
    assert refused.code == 1
    assert "20 of 21 rows of orders are bad, more than 5%" in refused.error
    accepted = call("load", "--accept-excess", folder=empty)
    assert (accepted.code, accepted.error) == (0, "")
    assert call("load", folder=empty).code == 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_ends_with_130_and_without_a_traceback(call, project, monkeypatch, stop):
    def interrupt(*arguments, **options):
        raise stop

    monkeypatch.setattr("clientlib.cli.warehousing.build_project_snapshot", interrupt)
    answer = call("build", folder=project)
    assert (answer.code, answer.error) == (130, "stopped\n")


def test_dry_run_says_mapping_rows_and_reasons_and_writes_nothing(call, empty):
    write_sample(empty / "data/raw/sample", seed=7, clients=50, start=date(2025, 1, 1))
    answer = call("load", "--dry-run", "--rows", "1", folder=empty)
    assert answer.code == 0
    assert "OrderNo -> orders.order_id: text" in answer.out
    assert "tried    erp_orders_2025.csv -> orders" in answer.out
    assert "first: '2999-" in answer.out
    assert answer.out.splitlines()[-1] == "nothing was written; load it with: clientlib load"
    assert not (empty / "data/warehouse").exists()


def test_dry_run_and_load_answer_machines_in_json(call, empty):
    write_sample(empty / "data/raw/sample", seed=7, clients=50, start=date(2025, 1, 1))
    tried = strict(call("load", "--dry-run", "--json", folder=empty).out)
    loaded = strict(call("load", "--json", folder=empty).out)
    assert [entry["count"]["quarantined_count"] for entry in tried] == [
        entry["quarantined_count"] for entry in loaded
    ]
    orders = next(entry for entry in tried if entry["count"]["table"] == "orders")
    assert orders["mapping"][0] == {"column": "order_id", "type": "text", "source": "OrderNo"}
