"""What `clientlib load --dry-run` prints: mapping, first rows, and why rows would be set aside."""

from dataclasses import asdict
from datetime import UTC, datetime

from clientlib.cli.counting import say_reasons
from clientlib.cli.output import OUT, say_json, say_table, steps
from clientlib.config import Settings
from clientlib.warehouse import Preview, planned_loads, preview_sources


def preview_project(settings: Settings, shown_rows: int, *, as_json: bool = False) -> list[Preview]:
    """Try a load of a project's sources and say what it would do.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    shown_rows : int
        First rows to show of each file and table.
    as_json : bool
        Print JSON.

    Returns
    -------
    list of Preview
        Per file and table.
    """
    now = datetime.now(UTC)
    if as_json:
        previews = preview_sources(settings, now=now, shown_rows=shown_rows)
        say_json([asdict(preview) for preview in previews])
        return previews
    with steps(planned_loads(settings)) as progress:

        def say_preview(preview: Preview) -> None:
            count = preview.count
            progress.done("tried", f"{count.file_name} -> {count.table}", *_counts(preview))
            _say_details(preview)

        previews = preview_sources(settings, now=now, shown_rows=shown_rows, on_preview=say_preview)
    OUT.print("nothing was written; load it with: clientlib load")
    return previews


def _counts(preview: Preview) -> list[str]:
    count = preview.count
    return [
        f"read {count.read_count:,}",
        f"good {count.loaded_count:,}",
        f"same {count.same_count:,}",
        f"quarantined {count.quarantined_count:,}",
        *([f"of {count.file_rows:,} rows: {count.where}"] if count.where else []),
    ]


def _say_details(preview: Preview) -> None:
    table = preview.count.table
    for entry in preview.mapping:
        source = " ".join(entry.source.split())
        OUT.print(f"    {source} -> {table}.{entry.column}: {entry.type}")
    if preview.not_mapped:
        OUT.print(f"    not mapped: {', '.join(preview.not_mapped)}")
    if preview.rows:
        say_table(list(preview.rows[0]), preview.rows)
    say_reasons(preview.reasons)
