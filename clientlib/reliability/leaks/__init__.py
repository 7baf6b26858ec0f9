"""Features that may hold what nobody knew on the day: found, named, and refused until confirmed."""

from clientlib.reliability.leaks.search import (
    SUSPECT_COLUMNS,
    Evidence,
    check_known_in_time,
    find_leaks,
)

__all__ = ["SUSPECT_COLUMNS", "Evidence", "check_known_in_time", "find_leaks"]
