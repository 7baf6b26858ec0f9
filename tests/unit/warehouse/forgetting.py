"""Forgetting what was known later, wholly or in part: what no earlier value may notice.

A version that was replaced after the day holds until the next one that is left was known, or
without end where none is left; what had been replaced by that day stays replaced.
"""

from collections.abc import Mapping
from datetime import date

import duckdb

from clientlib.warehouse.contracts import Contract, read_contracts

LISTS = {"clients", "managers", "products", "competitors"}  # names and families, as they are now
FACTS = sorted(
    contract.table
    for contract in read_contracts().values()
    if contract.schema == "staging" and contract.table not in LISTS
)
LATER_FACTS = {
    "orders": "cancelled_on = null, status = 'open' where cancelled_on > $day",
    "invoices": "paid_on = null where paid_on > $day",
    "deals": "closed_on = null, outcome = 'open', amount = null, lost_to_id = null "
    "where closed_on > $day",
    "complaints": "closed_on = null where closed_on > $day",
}


def forget(
    store: duckdb.DuckDBPyConnection, day: date, shares: Mapping[str, float], seed: int = 0
) -> None:
    """Delete a share of what each table knew or dated after a day, and turn back a share of its endings.

    Parameters
    ----------
    store : DuckDBPyConnection
        A connection in which ``raw`` is a catalogue or schema.
    day : date
        Last day of which nothing is forgotten.
    shares : mapping of str to float
        Share by table, 0 to 1; all of it goes with 1.
    seed : int
        Chooses which rows.
    """
    for table, share in shares.items():
        contract = read_contracts()[f"staging.{table}"]
        values = {"day": day, "share": share, "seed": seed}
        store.execute(f"create or replace table raw.{table} as {_versions_left(contract)}", values)
        if table in LATER_FACTS:
            chosen = _is_chosen(contract, "later fact")
            store.execute(f"update raw.{table} set {LATER_FACTS[table]} and {chosen}", values)


def _versions_left(contract: Contract) -> str:
    happened = contract.happened or "known_on"
    versions_of = f"(partition by {', '.join(contract.grain)} order by version)"
    return f"""
        with versions as (
            select *, known_until is distinct from lead(known_on) over {versions_of} as has_vanished
            from raw.{contract.table}
        ), versions_left as (
            select * from versions
            where not coalesce(greatest(known_on, {happened}) > $day, false)
            or not {_is_chosen(contract, "row")}
        )
        select * exclude (has_vanished) replace (
            case
                when known_until <= $day then known_until
                when has_vanished and not {_is_chosen(contract, "end")} then known_until
                else lead(known_on) over {versions_of}
            end as known_until
        )
        from versions_left"""


def _is_chosen(contract: Contract, what: str) -> str:
    keys = ", ".join(contract.grain)
    return f"hash({keys}, version, '{what}', $seed) % 1000 < 1000 * $share"
