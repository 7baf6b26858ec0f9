"""Decisions of people on single clients, kept in the ledger: one file each, never written again."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.reports.assets import write_whole
from clientlib.runs.keys import KEY_LENGTH
from clientlib.warehouse.parquet import write_parquet

DECISIONS = ".decisions"
TABLE = "client_decisions"
MOST_TEXT = 2_000  # characters of a reason
# What may be decided, and the column of the issued advice that it is held against.
KINDS = {
    "limit": "limit_amount",
    "payment_days": "advised_payment_days",
    "deposit_share": "deposit_share",
    "stop": None,
    "snooze": None,
    "owner": None,
}
COLUMNS = (
    "client_id",
    "kind",
    "value",
    "owner",
    "advised",
    "is_override",
    "decided_on",
    "until",
    "by",
    "because",
)


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a client.

    Parameters
    ----------
    client_id : str
        About whom.
    kind : str
        limit (money), payment_days (days), deposit_share (0..1), stop (no deliveries), snooze
        (leave the watch list alone), or owner (who sees to it).
    value : float or None
        What was decided, in the unit of its kind; None for stop, snooze and owner.
    owner : str
        Who sees to it; empty for other kinds.
    advised : float or None
        What the last report advised then; None where none did.
    decided_on : date
        From which day reports know of it.
    until : date or None
        Last day that it holds.
    by, because : str
        Who decided, and why.
    written_at : datetime
        When it was written down.
    """

    client_id: str
    kind: str
    value: float | None
    owner: str
    advised: float | None
    decided_on: date
    until: date | None
    by: str
    because: str
    written_at: datetime

    @property
    def is_override(self) -> bool:
        """Whether it departs from what was advised."""
        return None not in (self.value, self.advised) and self.value != self.advised


def keep_decision(ledger: Path, decision: Decision) -> Path:
    """Keep a decision for good.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    decision : Decision
        What was decided.

    Returns
    -------
    Path
        Its file, which did not exist before.

    Raises
    ------
    InputError
        There is no such kind, its value is missing or out of range, nobody is named, no reason
        is given, or it ends before it begins.
    """
    _check(decision)
    said = {**vars(decision), "decided_on": decision.decided_on.isoformat()}
    said["until"] = decision.until.isoformat() if decision.until else None
    said["written_at"] = decision.written_at.astimezone(UTC).isoformat()
    content = json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    folder = ledger / DECISIONS
    folder.mkdir(parents=True, exist_ok=True)
    moment = f"{decision.written_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    path = folder / f"{moment}-{sha256(content).hexdigest()[:8]}.json"
    write_whole(path, content)
    return path


def read_decisions(ledger: Path, as_of: date) -> list[Decision]:
    """Read what had been decided by a day.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    as_of : date
        Decisions of later days are left out.

    Returns
    -------
    list of Decision
        In the order in which they were made.
    """
    found = [_read(path) for path in sorted((ledger / DECISIONS).glob("*.json"))]
    known = [decision for decision in found if decision.decided_on <= as_of]
    return sorted(known, key=lambda decision: (decision.decided_on, decision.written_at))


def hash_decisions(ledger: Path, as_of: date) -> str:
    """Name the state of the decisions on a day, for the key of a run that shows them.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    as_of : date
        The day.

    Returns
    -------
    str
        16 hexadecimal digits; empty where nothing has been decided.
    """
    decisions = read_decisions(ledger, as_of)
    if not decisions:
        return ""
    return sha256(repr(decisions).encode()).hexdigest()[:KEY_LENGTH]


def table_decisions(decisions: list[Decision]) -> pd.DataFrame:
    """Lay decisions out as the table that notebooks read.

    Parameters
    ----------
    decisions : list of Decision
        From `read_decisions`.

    Returns
    -------
    DataFrame, one row per decision
        Columns `COLUMNS`.
    """
    rows = [{**vars(each), "is_override": each.is_override} for each in decisions]
    table = pd.DataFrame(rows, columns=[*COLUMNS])
    days = {name: pd.to_datetime(table[name]) for name in ("decided_on", "until")}
    numbers = {name: table[name].astype(float) for name in ("value", "advised")}
    return table.assign(**days, **numbers, is_override=table["is_override"].astype(bool))


def write_decisions(ledger: Path, as_of: date, path: Path) -> None:
    """Write what had been decided by a day, for a run.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    as_of : date
        Decisions of later days are left out.
    path : Path
        Parquet file to write.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_parquet(table_decisions(read_decisions(ledger, as_of)), path)


def _read(path: Path) -> Decision:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    said["decided_on"] = date.fromisoformat(said["decided_on"])
    said["until"] = date.fromisoformat(said["until"]) if said["until"] else None
    said["written_at"] = datetime.fromisoformat(said["written_at"])
    return Decision(**said)


def _check(decision: Decision) -> None:
    _check_kind(decision)
    _check_value(decision)
    if not decision.by.strip() or not decision.because.strip():
        raise InputError(
            "a decision needs somebody who made it, and a reason", hint='--because "why"'
        )
    if len(decision.because) > MOST_TEXT:
        raise InputError(
            f"the reason has {len(decision.because):,} characters",
            hint=f"at most {MOST_TEXT:,}",
        )
    if decision.until is not None and decision.until < decision.decided_on:
        raise InputError(
            "the decision would end before it begins",
            example=f"decided on {decision.decided_on}, until {decision.until}",
        )


def _check_kind(decision: Decision) -> None:
    if decision.kind not in KINDS:
        near = nearest(decision.kind, KINDS)
        raise InputError(
            f"there is nothing to decide that is called {decision.kind!r}",
            hint=f"did you mean {near!r}?" if near else f"kinds are {', '.join(KINDS)}",
        )


def _check_value(decision: Decision) -> None:
    kind, value = decision.kind, decision.value
    most = 1.0 if kind == "deposit_share" else float("inf")
    if KINDS[kind] is None:
        is_right = value is None and (kind == "owner") == bool(decision.owner.strip())
    else:
        is_right = value is not None and 0 <= value <= most and not decision.owner
    if not is_right:
        raise InputError(
            f"a decision of the kind {kind!r} has no such value",
            example=f"{decision.owner if value is None else value!r}",
            hint="limit is money, payment_days days, deposit_share 0 to 1, owner a name; stop "
            "and snooze have none",
        )
