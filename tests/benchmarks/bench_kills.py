"""Kill a load and the build after it at 50 moments of their time; fails where one leaves a trace."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "warehouse"))

from kills import kill_at, moments, time_undisturbed, write_half_known_company

KILLS = 50
SEED = 20260105


def main() -> None:
    """Kill, check, print how many kills fell into which part."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="clientlib-kills-") as name:
        folder = Path(name)
        before = write_half_known_company(folder / "before")
        outcome = time_undisturbed(before, folder / "after")
        fell: Counter[str] = Counter()
        for moment in moments(KILLS, SEED):
            part = kill_at(outcome, moment, folder / "project")
            fell[part] += 1
            sys.stdout.write(f"killed at {moment:.0%} of the time: {part}\n")
            sys.stdout.flush()
    parts = ", ".join(f"{count} in {part}" for part, count in sorted(fell.items()))
    sys.stdout.write(
        f"{fell.total()} kills left no trace: {parts}; load and build take "
        f"{outcome.seconds:.1f} s; {time.monotonic() - begun:.0f} s in all\n"
    )


if __name__ == "__main__":
    main()
