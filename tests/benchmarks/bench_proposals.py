"""How far proposed mappings agree with the presets that were made by hand.

``make bench-proposals`` prints for each export the tables and columns that are proposed rightly,
wrongly, to be confirmed, and not at all.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agreements import PUBLISHED, Comparison, compare

from clientlib.sample import write_sample

SHARED = Path("../shared/data")
SEED, CLIENTS = 7, 60
HEAD = (
    "export            tables right wrong lacking   columns right wrong doubted lacking   agreement"
)


def say(line: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(line + "\n")


def comparisons() -> Iterator[tuple[str, Comparison]]:
    """Compare the sample company, and the published files where they lie beside the project."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), seed=SEED, clients=CLIENTS)
        yield "sample_company", compare("sample_company", Path(folder))
    for preset, place in PUBLISHED.items():
        if (SHARED / place).exists():
            yield preset, compare(preset, SHARED / place)


def main() -> None:
    """Print the counts of every export, and the agreement over all."""
    say(HEAD)
    agreed, mapped = 0, 0
    for preset, found in comparisons():
        say(
            f"{preset:<18}{found.right_tables:>12}{found.wrong_tables:>6}{found.lacking_tables:>8}"
            f"{found.right_columns:>16}{found.wrong_columns:>6}{found.doubted_columns:>8}"
            f"{found.lacking_columns:>8}{found.agreed:>8} of {found.mapped} = {found.share:.0%}"
        )
        agreed, mapped = agreed + found.agreed, mapped + found.mapped
    say(f"all: {agreed} of {mapped} = {agreed / mapped:.0%}")


if __name__ == "__main__":
    main()
