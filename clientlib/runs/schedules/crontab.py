"""Lines for cron and units for systemd that run what is due, for machines without Dagster."""

import shlex
import sys
from pathlib import Path

from clientlib.config import ScheduleSettings

SERVICE = """\
[Unit]
Description={title}

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
"""
TIMER = """\
[Unit]
Description={title}, on time

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ANY = "*"


def cron_lines(folder: Path, schedule: ScheduleSettings) -> str:
    """Write the lines that a crontab needs.

    Parameters
    ----------
    folder : Path
        The project.
    schedule : ScheduleSettings
        When to refresh the warehouse and when to run what is due.

    Returns
    -------
    str
        Two lines; what they print goes to ``data/schedule.log`` in the project.
    """
    here = shlex.quote(folder.as_posix())
    log = ">> data/schedule.log 2>&1"
    refresh = " && ".join(shlex.join(words) for words in refresh_commands())
    lines = [
        f"{schedule.refresh} cd {here} && ( {refresh} ) {log}",
        f"{schedule.run} cd {here} && {shlex.join(due_command())} {log}",
    ]
    return "".join(_escape_percent(line) + "\n" for line in lines)


def systemd_units(folder: Path, schedule: ScheduleSettings) -> dict[str, str]:
    """Write the units that systemd needs.

    Parameters
    ----------
    folder : Path
        The project.
    schedule : ScheduleSettings
        When to refresh the warehouse and when to run what is due.

    Returns
    -------
    dict of str to str
        Contents by file name; a timer whose machine slept catches up when it wakes.
    """
    refresh = "\nExecStart=".join(_unit_words(words) for words in refresh_commands())
    due = _unit_words(due_command())
    commands = {
        "clientlib-refresh": (refresh, schedule.refresh, "clientlib: load and build"),
        "clientlib-due": (due, schedule.run, "clientlib: reports that are due"),
    }
    units = {}
    for name, (command, cron, title) in commands.items():
        place = folder.as_posix().replace("%", "%%")
        units[f"{name}.service"] = SERVICE.format(title=title, folder=place, command=command)
        units[f"{name}.timer"] = TIMER.format(title=title, calendar=to_calendar(cron))
    return units


def refresh_commands() -> list[list[str]]:
    """Give the commands that bring the warehouse up to date.

    Returns
    -------
    list of list of str
        Words of each, in order.
    """
    return [[*_clientlib(), "load"], [*_clientlib(), "build"]]


def due_command() -> list[str]:
    """Give the command that runs what is due.

    Returns
    -------
    list of str
        Its words.
    """
    return [*_clientlib(), "run", "--due"]


def to_calendar(cron: str) -> str:
    """Write a cron expression as systemd's calendar does.

    Parameters
    ----------
    cron : str
        Five fields: minute, hour, day of the month, month, day of the week.

    Returns
    -------
    str
        Such as ``Mon *-*-* 05:00:00``.
    """
    minute, hour, day, month, weekday = cron.split()
    days = "" if weekday == ANY else ",".join(_weekdays(part) for part in weekday.split(",")) + " "
    parts = [_calendar_field(field) for field in (month, day, hour, minute)]
    return f"{days}*-{parts[0]}-{parts[1]} {parts[2]}:{parts[3]}:00"


def _calendar_field(field: str) -> str:
    if field == ANY:
        return ANY
    base, _, step = field.partition("/")
    first = "0" if base == ANY else base.replace("-", "..")
    return f"{first}/{step}" if step else first


def _weekdays(part: str) -> str:
    return "..".join(DAYS[int(name)] if name.isdigit() else name for name in part.split("-"))


def _unit_words(words: list[str]) -> str:
    quoted = ('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return " ".join(quoted).replace("%", "%%").replace("$", "$$")


def _clientlib() -> list[str]:
    return [sys.executable, "-m", "clientlib"]


def _escape_percent(line: str) -> str:
    """Cron takes a percent sign for the end of a line."""
    return line.replace("%", "\\%")
