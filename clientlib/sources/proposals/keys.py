"""Keys for rows that no heading numbers: made of what tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clientlib.sources.proposals.contents import Profile
from clientlib.sources.proposals.headings import KEY_WORDS, POSSIBLE, words_of
from clientlib.sources.proposals.matching import Match
from clientlib.sources.proposals.sampling import Sample
from clientlib.sources.proposals.shapes import TableShape

MOST_PARTS = 4
LINES = ("product_id", "quantity", "unit_price")  # what makes rows without an order number lines


def make_up_key(
    shape: TableShape,
    shapes: Mapping[str, TableShape],
    found: Mapping[str, Match],
    profiles: Sequence[Profile],
    sample: Sample,
) -> dict[str, Match]:
    """Make a key of the columns that tell the rows of a table apart.

    Only keys that no other table refers to can be made up: nobody misses their own ones. A file
    that has a key of something else is not made for this table.

    Parameters
    ----------
    shape : TableShape
        The canonical table.
    shapes : mapping of str to TableShape
        All of them.
    found : mapping of str to Match
        Its columns that were found.
    profiles : sequence of Profile
        All columns of the file.
    sample : Sample
        First rows of the file.

    Returns
    -------
    dict of str to Match
        The key, to be confirmed; empty where the table has one, or nothing tells rows apart.
    """
    key = shape.grain[0]
    others = [other for other in shapes.values() if other.table != shape.table and other.has(key)]
    needed = [column.name for column in shape.columns if column.is_required and column.name != key]
    if len(shape.grain) > 1 or key in found or others or not set(needed) <= set(found):
        return {}
    used = {match.heading for match in found.values()}
    if any(profile.heading not in used and _is_key_of_something(profile) for profile in profiles):
        return {}
    parts = _telling_parts([found[name] for name in _by_use(shape, found)], sample)
    if not parts:
        return {}
    said = f"no heading is the key; {' and '.join(parts)} tell the rows apart"
    return {key: Match(key, parts[0], POSSIBLE, said, parts[1:])}


def _is_key_of_something(profile: Profile) -> bool:
    """Say whether a column is a key by its heading and its values."""
    words = words_of(profile.heading)
    return bool(words) and words[-1] in KEY_WORDS and profile.distinct == profile.rows


def _by_use(shape: TableShape, found: Mapping[str, Match]) -> list[str]:
    """Order columns by how well they tell rows apart for good: who, when, and what else."""
    columns = [column for column in shape.columns if column.name in found]
    references = [column.name for column in columns if column.name.endswith("_id")]
    days = [column.name for column in columns if column.is_required and column.type == "date"]
    texts = [column.name for column in columns if column.is_required and column.type == "text"]
    return list(dict.fromkeys([*references[:1], *days, *references[1:], *texts]))


def _telling_parts(matches: Sequence[Match], sample: Sample) -> tuple[str, ...]:
    parts: tuple[str, ...] = ()
    for match in matches[:MOST_PARTS]:
        parts = (*parts, match.heading)
        if len(parts) > 1 and not sample.rows.duplicated(list(parts)).any():
            return parts
    return ()


def make_up_orders(found: Mapping[str, Mapping[str, Match]]) -> dict[str, dict[str, Match]]:
    """Make orders of rows that tell what was sold when, but not in which order.

    What one client bought on one day is one order. Where no client stands, each product and day
    is one.

    Parameters
    ----------
    found : mapping of str to mapping
        By table, the columns that were found.

    Returns
    -------
    dict of str to dict
        The same, with a key of orders and of their lines where one was made, to be confirmed.
    """
    completed = {table: dict(matches) for table, matches in found.items()}
    orders, lines = completed.get("orders", {}), completed.get("order_lines", {})
    day = orders.get("ordered_on")
    if day is None or "order_id" in {*orders, *lines} or not set(LINES) <= set(lines):
        return completed
    who = orders.get("client_id", lines["product_id"])
    said = f"no heading is the order's number; {who.heading} and {day.heading} stand for it"
    key = Match("order_id", who.heading, POSSIBLE, said, (day.heading,))
    lines["order_id"], orders["order_id"] = key, replace(key)
    return completed
