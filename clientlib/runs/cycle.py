"""A new snapshot of a project, the ledger's snapshots kept."""

from collections.abc import Callable
from datetime import UTC, datetime

from clientlib.config import Settings
from clientlib.runs.ledger import Ledger
from clientlib.warehouse import BuiltTable, Engine, MergeCounts, build_snapshot


def build_project_snapshot(
    settings: Settings,
    *,
    engine: Engine | None = None,
    on_table: Callable[[BuiltTable], None] | None = None,
    on_merges: Callable[[MergeCounts], None] | None = None,
) -> str:
    """Build a project's snapshot, and keep those that issued rows rest on.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    engine : Engine, optional
        What makes the marts in place of DuckDB.
    on_table, on_merges : callable, optional
        Called with each table that was built, and with how the merging of clients stands.

    Returns
    -------
    str
        The build id.
    """
    return build_snapshot(
        settings,
        now=datetime.now(UTC),
        keep=Ledger(settings.ledger_folder).snapshots(),
        engine=engine,
        on_table=on_table,
        on_merges=on_merges,
    )
