"""Reasons of bad rows, for people: in words, and counted."""

COUNT_REASONS = """
select table_name, concat_ws(' ', reason."column", reason.message), count(*)
from (select table_name, unnest(reasons) as reason from about.quarantine)
where reason."rule" <> 'repeats_key' and reason."rule" <> 'line_shape' group by all
union all
select table_name, 'repeats a key with other contents', count(*)
from about.quarantine where reasons[1]."rule" = 'repeats_key' group by all
union all
select table_name, 'line of the wrong shape', count(*)
from about.quarantine where reasons[1]."rule" = 'line_shape' group by all
order by all
"""


def in_words(reasons: list[dict[str, str | None]]) -> str:
    """Say the reasons of a bad row in words.

    Parameters
    ----------
    reasons : list of dict
        Each with rule, column, value and message.

    Returns
    -------
    str
        The reasons, with semicolons between.
    """
    return "; ".join(
        " ".join(
            str(part) for part in (reason["column"], reason["value"], reason["message"]) if part
        )
        for reason in reasons
    )
