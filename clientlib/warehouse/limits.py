"""Limits of a load: so many bad or vanished rows that the export is more likely broken."""

from collections import defaultdict
from collections.abc import Sequence

from clientlib.config import TableMapping, WarehouseSettings
from clientlib.errors import InputError
from clientlib.warehouse.arrivals import LoadCount

FEWEST_ROWS = 10  # a few bad rows of a short list are no broken export


def accepted_excesses(
    settings: WarehouseSettings,
    counts: Sequence[LoadCount],
    mappings: Sequence[TableMapping],
    *,
    accept: bool,
) -> list[str]:
    """Hold the counts of a load against the limits of its tables.

    Parameters
    ----------
    settings : WarehouseSettings
        The limits.
    counts : sequence of LoadCount
        Of every file and table.
    mappings : sequence of TableMapping
        Those of the load; they may state limits of their own.
    accept : bool
        Whether to load all the same.

    Returns
    -------
    list of str
        Each excess in words, to be recorded with the load.

    Raises
    ------
    InputError
        A table has more bad or vanished rows than its limit, and that is not accepted.
    """
    excesses = [*_too_many_bad(settings, counts, mappings), *_too_many_vanished(settings, counts)]
    if excesses and not accept:
        raise InputError(
            f"{excesses[0]}: is the export broken?",
            rows=f"{len(excesses)} tables are past their limits" if len(excesses) > 1 else None,
            hint="see why with clientlib load --dry-run; mend the export or the mapping, "
            "raise the limit, or load it all the same: clientlib load --accept-excess",
        )
    return excesses


def _too_many_bad(
    settings: WarehouseSettings, counts: Sequence[LoadCount], mappings: Sequence[TableMapping]
) -> list[str]:
    """Count the bad rows of files that were read; those of unchanged files were let in before."""
    limits = {m.table: m.max_bad_share for m in mappings if m.max_bad_share is not None}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for count in counts:
        sums[count.table][0] += 0 if count.is_unchanged else count.quarantined_count
        sums[count.table][1] += count.read_count
    return [
        f"{bad:,} of {read:,} rows of {table} are bad, more than {limit:.0%}"
        for table, (bad, read) in sums.items()
        if bad >= FEWEST_ROWS and bad > (limit := limits.get(table, settings.max_bad_share)) * read
    ]


def _too_many_vanished(settings: WarehouseSettings, counts: Sequence[LoadCount]) -> list[str]:
    limit = settings.max_vanished_share
    return [
        f"{count.vanished_count:,} of {count.believed_count:,} rows of {count.table} have vanished "
        f"from the complete extract, more than {limit:.0%}"
        for count in counts
        if count.vanished_count >= FEWEST_ROWS
        and count.vanished_count > limit * count.believed_count
    ]
