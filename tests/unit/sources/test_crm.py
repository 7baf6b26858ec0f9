"""CRMs as sources, from a local server that pages, refuses and fails as theirs do."""

import builtins
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from projects import NOW

from clientlib.config import CrmSettings, Settings, SourceSettings
from clientlib.errors import ConfigError, InputError
from clientlib.sources import crm, open_export
from clientlib.warehouse import load_sources, preview_sources

pytest.importorskip("dlt")

TOKEN = "hidden-word"
VARIABLE = "CLIENTLIB_TEST_TOKEN"
MOMENT = "2025-06-05T22:30:00.123Z"
DAY, WON = date(2025, 6, 5), date(2025, 6, 20)


class Crm:
    """What the server answers: objects by path, faults by path, and what it was asked."""

    def __init__(self, style: str) -> None:
        self.style = style
        self.objects: dict[str, list] = {}
        self.faults: dict[str, list[tuple[int, dict, bytes]]] = {}
        self.page_size = 2
        self.asked: list[tuple[str, dict]] = []
        self.address = ""

    def answer(self, path: str, query: dict, token: str | None) -> tuple[int, dict, bytes]:
        self.asked.append((path, query))
        if self.faults.get(path):
            return self.faults[path].pop(0)
        if token not in (f"Bearer {TOKEN}", TOKEN):
            return 401, {}, b"{}"
        start = int(query.get("after", query.get("cursor", ["0"]))[0])
        rows = self.objects.get(path, [])
        page, end = rows[start : start + self.page_size], start + self.page_size
        more = str(end) if end < len(rows) else None
        if self.style == "hubspot":
            paging = {"paging": {"next": {"after": more}}} if more else {}
            return 200, {}, json.dumps({"results": page, **paging}).encode()
        body = {"success": True, "data": page, "additional_data": {"next_cursor": more}}
        return 200, {}, json.dumps(body).encode()

    def fail(self, path: str, status: int, times: int = 1, body: bytes = b"{}", **headers) -> None:
        written = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults[path] = [(status, written, body)] * times


def serve(answers: Crm) -> Iterator[Crm]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            token = self.headers.get("Authorization") or self.headers.get("x-api-token")
            status, headers, body = answers.answer(
                parts.path.lstrip("/"), parse_qs(parts.query), token
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        answers.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield answers
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def hubspot(monkeypatch) -> Iterator[Crm]:
    prepare(monkeypatch)
    answers = Crm("hubspot")
    answers.objects = {
        "crm/v3/owners": [
            {"id": "7", "email": "ona@x.lt", "firstName": "Ona", "lastName": "Onaitė",
             "teams": [{"id": "1", "name": "North"}]},
            {"id": "8", "email": "jonas@x.lt", "firstName": "", "lastName": None},
        ],
        "crm/v3/objects/companies": [
            {"id": str(number), "createdAt": MOMENT,
             "properties": {"name": f"Company {number}", "country": "LT", "hubspot_owner_id": "7"}}
            for number in range(1, 6)
        ],
        "crm/v3/objects/products": [
            {"id": "30", "createdAt": MOMENT, "properties": {"name": "Pump", "price": "99.90"}}
        ],
        "crm/v3/objects/deals": [
            deal("d1", "1", closedate="2025-06-20T10:00:00Z", hs_is_closed="true",
                 hs_is_closed_won="true", amount="1200.50"),
            deal("d2", "2", closedate="2025-07-20T10:00:00Z", hs_is_closed="false", amount=None),
            deal("d3", None, closedate="2025-06-21T10:00:00Z", hs_is_closed="true",
                 hs_is_closed_won="false", closed_lost_reason="price"),
        ],
        "crm/v3/objects/contacts": [
            talk("51", "1", firstname="Rasa", lastname="Rasaitė", email="rasa@a.lt", jobtitle="buyer", hs_language="lt"),
            talk("52", "2", firstname=None, lastname="", email="info@b.lt"),
            talk("53", None, firstname="Nobody", lastname="Known"),
        ],
        "crm/v3/objects/calls": [
            talk("61", "1", contact="51", deal="d1", hs_timestamp=MOMENT, hs_call_title="prices",
                 hs_call_duration="90000", hs_call_direction="INBOUND", hubspot_owner_id="7"),
        ],
        "crm/v3/objects/meetings": [
            talk("61", "2", hs_timestamp=MOMENT, hs_meeting_title="audit", hs_meeting_outcome="COMPLETED"),
        ],
        "crm/v3/objects/emails": [
            talk("61", "1", hs_timestamp=MOMENT, hs_email_subject="offer", hs_email_direction="EMAIL"),
        ],
    }  # fmt: skip
    yield from serve(answers)


def talk(
    key: str, company: str | None, contact: str | None = None, deal: str | None = None, **properties
) -> dict:
    kinds = {"companies": company, "contacts": contact, "deals": deal}
    associations = {kind: {"results": [{"id": known}]} for kind, known in kinds.items() if known}
    entry = {"id": key, "createdAt": MOMENT, "properties": properties}
    return entry | ({"associations": associations} if associations else {})


def deal(key: str, company: str | None, **properties) -> dict:
    companies = {"companies": {"results": [{"id": company, "type": "deal_to_company"}]}}
    history = [
        {"value": "closedwon", "timestamp": "2025-06-20T10:00:00Z"},
        {"value": "appointmentscheduled", "timestamp": MOMENT},
    ]
    return {
        "id": key,
        "properties": {"createdate": MOMENT, "hubspot_owner_id": "7", **properties},
        "propertiesWithHistory": {"dealstage": history if company == "1" else []},
        **({"associations": companies} if company else {}),
    }


@pytest.fixture
def pipedrive(monkeypatch) -> Iterator[Crm]:
    prepare(monkeypatch)
    answers = Crm("pipedrive")
    answers.objects = {
        "v1/users": [{"id": 7, "name": "Ona", "active_flag": True}],
        "api/v2/organizations": [
            {"id": number, "name": f"Company {number}", "owner_id": 7, "add_time": MOMENT,
             "address": {"country": "Lithuania"} if number == 1 else None}
            for number in range(1, 4)
        ],
        "api/v2/products": [{"id": 30, "name": "Pump", "prices": [{"price": 99.9}], "add_time": MOMENT}],
        "api/v2/deals": [
            {"id": 1, "org_id": 1, "owner_id": 7, "status": "won", "value": 1200.5, "stage_id": 4,
             "add_time": "2025-06-01T08:00:00Z", "stage_change_time": "2025-06-10T08:00:00Z",
             "won_time": "2025-06-20T08:00:00Z"},
            {"id": 2, "org_id": 2, "owner_id": 7, "status": "open", "value": 10, "stage_id": 3,
             "add_time": "2025-06-01T08:00:00Z", "expected_close_date": "2025-08-01"},
            {"id": 3, "org_id": 2, "owner_id": 7, "status": "deleted", "value": 10, "stage_id": 3,
             "add_time": "2025-06-01T08:00:00Z"},
        ],
        "api/v2/persons": [
            {"id": 51, "name": "Rasa Rasaitė", "org_id": 1, "job_title": "buyer", "add_time": MOMENT},
            {"id": 52, "name": "Nobody Known", "org_id": None, "add_time": MOMENT},
        ],
        "api/v2/activities": [
            {"id": 61, "type": "call", "subject": "prices", "due_date": "2025-06-05", "org_id": 1, "person_id": 51,
             "deal_id": 1, "owner_id": 7, "done": True, "duration": "01:15"},
            {"id": 62, "type": "task", "subject": "samples", "due_date": "2025-06-05", "org_id": 2, "owner_id": 7,
             "done": True, "duration": None},
            {"id": 63, "type": "call", "subject": "planned", "due_date": "2026-06-05", "org_id": 2, "done": False},
        ],
    }  # fmt: skip
    yield from serve(answers)


def prepare(monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    monkeypatch.setattr(crm, "BACKOFF_SECONDS", 0.01)


def source(answers: Crm, **settings) -> SourceSettings:
    settings = {"token_env": VARIABLE, "base_url": answers.address, **settings}
    return SourceSettings(preset=answers.style, crm=CrmSettings(**settings))


def load(root: Path, answers: Crm, **settings):
    project = Settings(root=root, sources={"crm": source(answers, **settings)})
    return {count.table: count for count in load_sources(project, now=NOW)}


def read(root: Path, query: str) -> list[tuple]:
    with duckdb.connect(root / "data/warehouse/raw.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_hubspot_becomes_canonical_tables_over_all_pages(hubspot, tmp_path):
    counts = load(tmp_path, hubspot)
    loaded = {table: count.new_count for table, count in counts.items()}
    assert loaded["clients"] == 5
    assert {count.quarantined_count for count in counts.values()} == {0}
    assert read(tmp_path, "select manager_id, name, team from managers order by 1") == [
        ("7", "Ona Onaitė", "North"),
        ("8", "jonas@x.lt", None),
    ]
    assert read(
        tmp_path,
        """select deal_id, client_id, outcome, opened_on::varchar, closed_on::varchar,
        expected_close_on::varchar, amount::double, lost_reason from deals order by 1""",
    ) == [
        ("d1", "1", "won", "2025-06-05", "2025-06-20", None, 1200.5, None),
        ("d2", "2", "open", "2025-06-05", None, "2025-07-20", None, None),
        ("d3", None, "lost", "2025-06-05", "2025-06-21", None, None, "price"),
    ]


def test_hubspot_tells_the_stages_of_a_deal_with_their_days(hubspot, tmp_path):
    load(tmp_path, hubspot)
    stages = read(
        tmp_path, "select deal_id, entered_on, stage from deal_stages order by entered_on"
    )
    assert stages == [("d1", DAY, "appointmentscheduled"), ("d1", WON, "closedwon")]


@pytest.mark.parametrize(("zone", "day"), [("UTC", DAY), ("Europe/Vilnius", date(2025, 6, 6))])
def test_moments_fall_on_the_day_of_the_stated_zone(hubspot, tmp_path, zone, day):
    load(tmp_path, hubspot, time_zone=zone)
    assert read(tmp_path, "select distinct happened_on from interactions") == [(day,)]


def test_moment_that_no_calendar_has_is_quarantined_as_it_came(hubspot, tmp_path):
    hubspot.objects["crm/v3/objects/contacts"][0]["createdAt"] = "2025-02-30T10:00:00Z"
    counts = load(tmp_path, hubspot, time_zone="Europe/Vilnius")
    assert (counts["contacts"].new_count, counts["contacts"].quarantined_count) == (1, 1)
    ((value,),) = read(tmp_path, "select reasons[1].value from quarantine")
    assert value == "2025-02-30T10:00:00Z"


def test_unknown_time_zone_is_refused():
    with pytest.raises(ValueError, match="no such time zone"):
        CrmSettings(token_env=VARIABLE, time_zone="Vilnius")


def test_hubspot_tells_contacts_and_what_was_said_to_them(hubspot, tmp_path):
    counts = load(tmp_path, hubspot)
    assert (counts["contacts"].file_rows, counts["contacts"].read_count) == (3, 2)
    contacts = read(
        tmp_path,
        "select contact_id, client_id, name, role, language, added_on from contacts order by 1",
    )
    assert contacts == [
        ("51", "1", "Rasa Rasaitė", "buyer", "lt", DAY),
        ("52", "2", "info@b.lt", None, None, DAY),
    ]
    assert read(
        tmp_path,
        """select interaction_id, client_id, contact_id, manager_id, deal_id, happened_on, channel,
        is_inbound, topic, outcome, minutes::double from interactions order by 1""",
    ) == [
        ("call 61", "1", "51", "7", "d1", DAY, "call", True, "prices", None, 1.5),
        ("e-mail 61", "1", None, None, None, DAY, "e-mail", False, "offer", None, None),
        ("meeting 61", "2", None, None, None, DAY, "meeting", None, "audit", "COMPLETED", None),
    ]


def test_pipedrive_tells_contacts_and_what_was_done_with_them(pipedrive, tmp_path):
    counts = load(tmp_path, pipedrive)
    assert (counts["interactions"].file_rows, counts["interactions"].read_count) == (3, 2)
    contacts = read(tmp_path, "select contact_id, client_id, name, role, added_on from contacts")
    assert contacts == [("51", "1", "Rasa Rasaitė", "buyer", DAY)]
    assert read(
        tmp_path,
        """select interaction_id, client_id, contact_id, manager_id, deal_id, happened_on, channel,
        topic, minutes::double from interactions order by 1""",
    ) == [
        ("61", "1", "51", "7", "1", DAY, "call", "prices", 75.0),
        ("62", "2", None, "7", None, DAY, "other", "samples", None),
    ]


def test_pipedrive_becomes_canonical_tables_over_all_pages(pipedrive, tmp_path):
    load(tmp_path, pipedrive)
    assert read(tmp_path, "select client_id, country, manager_id from clients order by 1") == [
        ("1", "Lithuania", "7"),
        ("2", None, "7"),
        ("3", None, "7"),
    ]
    assert read(
        tmp_path,
        """select deal_id, outcome, closed_on::varchar, expected_close_on::varchar,
        amount::double from deals order by 1""",
    ) == [("1", "won", "2025-06-20", None, 1200.5), ("2", "open", None, "2025-08-01", 10.0)]
    stages = read(
        tmp_path, "select deal_id, stage, entered_on::varchar from deal_stages order by 1"
    )
    assert stages == [("1", "4", "2025-06-10"), ("2", "3", "2025-06-01")]
    assert read(tmp_path, "select list_price::double from products") == [(99.9,)]


def test_each_page_is_asked_for_once_with_the_mark_of_the_last(hubspot, tmp_path):
    load(tmp_path, hubspot)
    asked = [query.get("after") for path, query in hubspot.asked if path.endswith("companies")]
    assert asked == [None, ["2"], ["4"]]
    assert {tuple(query["limit"]) for path, query in hubspot.asked} == {("100",), ("50",)}


def test_second_load_of_the_same_objects_changes_nothing(pipedrive, tmp_path):
    load(tmp_path, pipedrive)
    again = load(tmp_path, pipedrive)
    assert {count.loaded_count for count in again.values()} == {0}


@pytest.mark.parametrize("status", [429, 500, 502])
def test_passing_fault_is_tried_again_and_leaves_no_trace(hubspot, tmp_path, status):
    hubspot.fail("crm/v3/objects/companies", status, times=2)
    assert load(tmp_path, hubspot)["clients"].new_count == 5


def test_time_that_the_crm_asks_to_wait_is_waited(hubspot, tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    hubspot.fail("crm/v3/objects/companies", 429, Retry_After="7")
    load(tmp_path, hubspot)
    assert 7 in waited


def test_lasting_fault_in_the_middle_loads_nothing(hubspot, tmp_path):
    load(tmp_path, hubspot)
    hubspot.objects["crm/v3/objects/companies"].append(
        {"id": "99", "createdAt": MOMENT, "properties": {"name": "New"}}
    )
    hubspot.fail("crm/v3/objects/deals", 500, times=99)
    with pytest.raises(
        InputError, match=r"objects/deals cannot be fetched[\s\S]*5 attempts[\s\S]*500"
    ):
        load(tmp_path, hubspot)
    assert read(tmp_path, "select count(*) from clients") == [(5,)]


@pytest.mark.parametrize("status", [401, 403])
def test_refused_token_is_said_at_once_and_never_shown(hubspot, tmp_path, status):
    hubspot.fail("crm/v3/objects/deals", status, times=9, body=TOKEN.encode())
    with pytest.raises(InputError, match=f"refused to the token of {VARIABLE}") as caught:
        load(tmp_path, hubspot)
    assert Counter(path for path, _ in hubspot.asked)["crm/v3/objects/deals"] == 1
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"results": [{"id": "1"', id="cut off"),
        pytest.param(b"<html>log in</html>", id="a page"),
        pytest.param(b'{"status": "ok"}', id="no rows"),
        pytest.param(b'{"results": ["x"]}', id="rows that are none"),
        pytest.param(b'["x"]', id="a list"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_answer_that_is_no_page_of_rows_is_an_error_that_shows_it(hubspot, tmp_path, body):
    hubspot.fail("crm/v3/objects/deals", 200, times=9, body=body)
    with pytest.raises(InputError, match="answered by something else than pages of rows"):
        load(tmp_path, hubspot)


def test_mark_that_leads_back_to_a_page_read_before_is_an_error(hubspot, tmp_path):
    page = {"results": [{"id": "1", "properties": {}}], "paging": {"next": {"after": "1"}}}
    hubspot.fail("crm/v3/objects/products", 200, times=9, body=json.dumps(page).encode())
    with pytest.raises(InputError, match="objects/products is answered by something else"):
        load(tmp_path, hubspot)


def test_token_is_not_carried_to_another_address(hubspot, tmp_path):
    hubspot.fail("crm/v3/owners", 302, times=9, Location=f"{hubspot.address}/elsewhere")
    with pytest.raises(InputError, match="crm/v3/owners"):
        load(tmp_path, hubspot)
    assert [path for path, _ in hubspot.asked] == ["crm/v3/owners"]


def test_crm_that_nobody_answers_for_is_an_error(hubspot, tmp_path, monkeypatch):
    monkeypatch.setattr(crm, "ATTEMPTS", 2)
    with pytest.raises(InputError, match="crm/v3/owners cannot be fetched"):
        load(tmp_path, hubspot, base_url="http://127.0.0.1:9")


def test_address_without_protection_is_refused_before_the_token_travels(hubspot, tmp_path):
    with pytest.raises(ConfigError, match="must begin with https"):
        load(tmp_path, hubspot, base_url="http://crm.example")


def test_token_that_is_not_set_is_named(hubspot, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(ConfigError, match=f"the environment variable {VARIABLE} is not set"):
        load(tmp_path, hubspot)


def test_missing_extra_says_how_to_install_it(hubspot, tmp_path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name.partition(".")[0] == "dlt":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match=r"pip install 'clientlib\[crm\]'"):
        load(tmp_path, hubspot)


def test_crm_needs_a_preset_that_knows_it(hubspot, tmp_path):
    other = source(hubspot).model_copy(update={"preset": "maven_crm"})
    with pytest.raises(ConfigError, match="does not say what it reads"):
        open_export("crm", other, tmp_path).__enter__()


def test_trial_reads_the_crm_and_writes_nothing(pipedrive, tmp_path):
    settings = Settings(root=tmp_path, sources={"crm": source(pipedrive)})
    previews = preview_sources(settings, now=NOW)
    clients = next(entry for entry in previews if entry.count.table == "clients")
    assert clients.rows[0]["name"] == "Company 1"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_to_the_home_folder_and_nobody_else_is_called(pipedrive, tmp_path):
    home, root = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    root.mkdir()
    code = f"""
import socket, sys
from datetime import datetime, UTC
from pathlib import Path
connect = socket.socket.connect
def only_here(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "127.0.0.1":
        sys.exit(f"called {{address}}")
    return connect(self, address)
socket.socket.connect = only_here
from clientlib.config import CrmSettings, Settings, SourceSettings
from clientlib.warehouse import load_sources
crm = CrmSettings(token_env={VARIABLE!r}, base_url={pipedrive.address!r})
source = SourceSettings(preset="pipedrive", crm=crm)
load_sources(Settings(root=Path("project"), sources={{"crm": source}}), now=datetime.now(UTC))
"""
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=120,
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
    )  # fmt: skip
    assert list(home.iterdir()) == []
    assert [path.name for path in root.iterdir()] == ["data"]
