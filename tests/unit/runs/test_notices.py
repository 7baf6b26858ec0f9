"""Notices of a batch, sent to real servers on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller

from clientlib.config import load_settings
from clientlib.errors import ConfigError
from clientlib.reports import BatchSummary, Failure
from clientlib.runs.notices import send_notices, write_notice

BATCH = BatchSummary(
    "b1", "run --due", "20250701T060000", datetime(2025, 7, 1, 6, tzinfo=UTC), kept_count=4
)
FAILURE = Failure(7, "x", "KeyError", "'client_id'\nsecond line")


@pytest.fixture
def notice(a_run):
    runs = [a_run("r1"), a_run("r2", state="failed", failure=FAILURE, edition="manager=M-01")]
    return write_notice("Šilelis", BATCH, runs, "batches/b1.html")


@pytest.fixture
def good_notice(a_run):
    return write_notice("Šilelis", BATCH, [a_run("r1")], "batches/b1.html")


@pytest.fixture
def configure(tmp_path):
    def configure(text: str):
        (tmp_path / "clientlib.toml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path)

    return configure


class Inbox:
    def __init__(self) -> None:
        self.envelopes: list = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 kept"


@pytest.fixture
def mail() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield inbox, port
    finally:
        server.stop()


@pytest.fixture
def chat() -> Iterator[tuple[list, str]]:
    posted: list = []

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, *unused) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield posted, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_notice_counts_names_failures_and_says_where_the_page_is(notice):
    assert notice.subject == "Šilelis: reports, 1 of 2 failed"
    assert notice.text.splitlines() == [
        "asked     clientlib run --due",
        "snapshot  20250701T060000",
        "done 1, failed 1, skipped 0, done before 4, waiting 0",
        "failed    fine manager=M-01 as of 2025-05-31: cell 7: KeyError: 'client_id' second line",
        "page      batches/b1.html",
    ]


def test_many_failures_are_counted_after_the_first_twenty(a_run):
    failed = [a_run(f"r{number}", state="failed", failure=FAILURE) for number in range(25)]
    text = write_notice("X", BATCH, failed, "p").text
    assert text.count("failed    fine") == 20
    assert "and 5 more" in text


def test_notice_by_mail_reaches_its_recipients(notice, mail, configure):
    inbox, port = mail
    settings = configure(f"""
        [notices.team]
        smtp_host = "127.0.0.1"
        smtp_port = {port}
        starttls = false
        sender = "reports@example.com"
        recipients = ["a@example.com", "b@example.com"]
    """)
    assert send_notices(settings, notice) == []
    (envelope,) = inbox.envelopes
    assert envelope.rcpt_tos == ["a@example.com", "b@example.com"]
    assert b"KeyError" in envelope.content


def test_notice_by_webhook_reaches_the_chat(notice, chat, configure, monkeypatch):
    posted, address = chat
    monkeypatch.setenv("CHAT_WEBHOOK", address)
    assert send_notices(configure('[notices.chat]\nwebhook_env = "CHAT_WEBHOOK"'), notice) == []
    assert posted[0]["text"].startswith("Šilelis: reports, 1 of 2 failed\n")
    assert posted[0]["is_failure"] is True


def test_notices_in_a_file_stand_below_each_other(notice, good_notice, configure, tmp_path):
    settings = configure('[notices.log]\non = "always"\nfile = "data/notices.jsonl"')
    for one in (notice, good_notice):
        assert send_notices(settings, one) == []
    lines = (tmp_path / "data/notices.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["subject"] for line in lines] == [
        "Šilelis: reports, 1 of 2 failed", "Šilelis: reports, 1 done",
    ]  # fmt: skip


def test_success_is_told_only_where_it_was_asked_for(good_notice, configure, tmp_path):
    assert send_notices(configure('[notices.log]\nfile = "n.jsonl"'), good_notice) == []
    assert not (tmp_path / "n.jsonl").exists()


def test_notice_that_cannot_be_sent_stops_no_other_and_is_told(
    notice, chat, configure, monkeypatch, tmp_path
):
    monkeypatch.setenv("CHAT_WEBHOOK", f"{chat[1]}/broken")
    settings = configure("""
        [notices.chat]
        webhook_env = "CHAT_WEBHOOK"
        [notices.unset]
        webhook_env = "NO_SUCH_WEBHOOK"
        [notices.mail]
        smtp_host = "127.0.0.1"
        smtp_port = 9
        sender = "a@example.com"
        recipients = ["b@example.com"]
        [notices.log]
        file = "n.jsonl"
    """)
    problems = send_notices(settings, notice)
    assert [problem.split("'")[1] for problem in problems] == ["chat", "unset", "mail"]
    assert problems[0].endswith("the webhook answers 500")
    assert "NO_SUCH_WEBHOOK is not set" in problems[1]
    assert all(chat[1] not in problem for problem in problems), "the address is secret"
    assert (tmp_path / "n.jsonl").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "one of file, webhook_env and smtp_host"),
        ('file = "a"\nwebhook_env = "B"', "one of file, webhook_env and smtp_host"),
        ('smtp_host = "h"', "has a sender and recipients"),
        ('smtp_host = "h"\nsender = "a"\nrecipients = ["b"]\nuser_env = "U"', "stand together"),
    ],
)
def test_channel_that_is_none_or_two_is_refused(configure, text, said):
    with pytest.raises(ConfigError, match=said):
        configure(f"[notices.x]\n{text}")
