"""Notices of how a batch went: to a file, by mail, to a chat's webhook."""

import json
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError

from clientlib.config import NoticeSettings, Settings
from clientlib.errors import ConfigError
from clientlib.figures.wording import clean_line
from clientlib.reports import BatchSummary, Run

SEND_SECONDS = 20
SHOWN_FAILURES = 20
SCHEMES = ("http://", "https://")


@dataclass(frozen=True)
class Notice:
    """What is told of a batch.

    Attributes
    ----------
    subject : str
        One line.
    text : str
        Some lines: counts, failures with their reasons, where the page is.
    is_failure : bool
        Whether anything failed.
    page : str
        The batch's page, relative to the folder of reports.
    """

    subject: str
    text: str
    is_failure: bool
    page: str


def write_notice(company: str, summary: BatchSummary, runs: Sequence[Run], page: str) -> Notice:
    """Write the notice of a batch.

    Parameters
    ----------
    company : str
        Whose reports these are.
    summary : BatchSummary
        What was asked for.
    runs : sequence of Run
        The last run of each of its tasks.
    page : str
        The batch's page, relative to the folder of reports.

    Returns
    -------
    Notice
        The same text for every channel.
    """
    failed = [run for run in runs if run.state == "failed"]
    counts = {state: sum(run.state == state for run in runs) for state in ("done", "skipped")}
    outcome = f"{len(failed):,} of {len(runs):,} failed" if failed else f"{counts['done']:,} done"
    lines = [
        f"asked     clientlib {summary.asked}",
        f"snapshot  {summary.snapshot}",
        f"done {counts['done']:,}, failed {len(failed):,}, skipped {counts['skipped']:,}, "
        f"done before {summary.kept_count:,}, waiting {summary.waiting_count:,}",
        *(_tell(run) for run in failed[:SHOWN_FAILURES]),
    ]
    if len(failed) > SHOWN_FAILURES:
        lines.append(f"and {len(failed) - SHOWN_FAILURES:,} more")
    lines.append(f"page      {page}")
    return Notice(
        clean_line(f"{company}: reports, {outcome}"), "\n".join(lines), bool(failed), page
    )


def send_notices(settings: Settings, notice: Notice) -> list[str]:
    """Send a notice wherever the configuration says; one that cannot be sent stops nothing.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    notice : Notice
        What is told.

    Returns
    -------
    list of str
        Which notices could not be sent, and why.
    """
    problems = []
    for name, channel in settings.notices.items():
        if channel.on == "failure" and not notice.is_failure:
            continue
        try:
            _send(settings.root, channel, notice)
        except (OSError, smtplib.SMTPException, ValueError, ConfigError) as error:
            problems.append(f"notice {name!r} was not sent: {_first_line(error)}")
    return problems


def _send(root: Path, channel: NoticeSettings, notice: Notice) -> None:
    if channel.file:
        _append(root / channel.file, notice)
    elif channel.webhook_env:
        _post(_secret(channel.webhook_env), notice)
    else:
        _mail(channel, notice)


def _append(path: Path, notice: Notice) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {"sent_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **vars(notice)}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _post(address: str, notice: Notice) -> None:
    if not address.startswith(SCHEMES):
        raise ValueError("the webhook's address begins neither with http:// nor with https://")
    body = {**vars(notice), "text": f"{notice.subject}\n{notice.text}"}
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        address,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SEND_SECONDS):  # noqa: S310
            pass
    except URLError as error:  # its text may name the address, which is secret
        raise OSError(f"the webhook answers {getattr(error, 'code', error.reason)}") from None


def _mail(channel: NoticeSettings, notice: Notice) -> None:
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = channel.sender
    message["To"] = ", ".join(channel.recipients)
    message.set_content(notice.text)
    with smtplib.SMTP(str(channel.smtp_host), channel.smtp_port, timeout=SEND_SECONDS) as server:
        if channel.starttls:
            server.starttls(context=ssl.create_default_context())
        if channel.user_env:
            server.login(_secret(channel.user_env), _secret(str(channel.password_env)))
        server.send_message(message)


def _secret(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise ConfigError(f"the environment variable {variable} is not set")
    return value


def _tell(run: Run) -> str:
    failure = run.failure
    said = f"{failure.error_name}: {failure.message}" if failure else "no reason is known"
    where = f"cell {failure.cell_number}: " if failure and failure.cell_number else ""
    line = " ".join(said.split())
    return clean_line(f"failed    {run.report} {run.edition} as of {run.as_of}: {where}{line}")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
