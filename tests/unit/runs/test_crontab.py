import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clientlib.config import ScheduleSettings, load_settings
from clientlib.errors import ConfigError
from clientlib.runs.schedules.crontab import cron_lines, systemd_units, to_calendar

SCHEDULE = ScheduleSettings(refresh="0 5 * * 1-5", run="*/30 6-20 * * *")


def test_cron_refreshes_the_warehouse_and_runs_what_is_due():
    refresh, due = cron_lines(Path("/srv/shop"), SCHEDULE).splitlines()
    assert refresh.startswith("0 5 * * 1-5 cd /srv/shop && ( ")
    assert "-m clientlib load && " in refresh
    assert "-m clientlib build )" in refresh
    assert due.startswith("*/30 6-20 * * * cd /srv/shop && ")
    assert due.endswith("-m clientlib run --due >> data/schedule.log 2>&1")


def test_line_of_cron_works_in_a_folder_with_a_hostile_name(tmp_path):
    folder = tmp_path / "it's 100% a $HOME"
    (folder / "data").mkdir(parents=True)
    line = cron_lines(folder, SCHEDULE).splitlines()[1]
    command = line.split(" ", 5)[5].replace("\\%", "%")  # as cron hands it to the shell
    ended = subprocess.run(["sh", "-c", command], check=False)
    assert ended.returncode == 1
    said = (folder / "data/schedule.log").read_text()
    assert "no clientlib.toml" in said


@pytest.mark.parametrize(
    ("cron", "calendar"),
    [
        ("0 5 * * *", "*-*-* 5:0:00"),
        ("30 * * * *", "*-*-* *:30:00"),
        ("*/15 6-20 * * *", "*-*-* 6..20:0/15:00"),
        ("0 7 1 1,4,7,10 *", "*-1,4,7,10-1 7:0:00"),
        ("0 5 * * 1-5", "Mon..Fri *-*-* 5:0:00"),
        ("0 5 * * 0,Sat", "Sun,Sat *-*-* 5:0:00"),
    ],
)
def test_times_of_cron_become_those_of_systemd(cron, calendar):
    assert to_calendar(cron) == calendar
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", calendar], check=True, capture_output=True)


def test_systemd_has_a_service_and_a_timer_each_that_catches_up_after_sleep():
    units = systemd_units(Path("/srv/50% shop"), SCHEDULE)
    assert sorted(units) == [
        "clientlib-due.service", "clientlib-due.timer",
        "clientlib-refresh.service", "clientlib-refresh.timer",
    ]  # fmt: skip
    assert "WorkingDirectory=/srv/50%% shop\n" in units["clientlib-due.service"]
    assert (
        f'ExecStart="{sys.executable}" "-m" "clientlib" "run" "--due"'
        in (units["clientlib-due.service"])
    )
    assert units["clientlib-refresh.service"].count("ExecStart=") == 2
    assert "Persistent=true" in units["clientlib-due.timer"]


@pytest.mark.parametrize("time", ["every day", "0 5 * *", "0 5 * * * *", "0 5 * * ; rm"])
def test_time_that_cron_would_not_know_is_refused(tmp_path, time):
    (tmp_path / "clientlib.toml").write_text(f'[schedule]\nrun = "{time}"\n')
    with pytest.raises(ConfigError, match=r"schedule\.run"):
        load_settings(tmp_path)
