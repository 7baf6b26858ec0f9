"""Kill a batch of 12 runs at 20 moments of its time; fails where one leaves a trace."""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "runs"))

from batch_kills import RUNS, kill_at, moments, run_undisturbed, write_before

KILLS = 20
SEED = 20261124


def main() -> None:
    """Kill, check, print what each kill met and what the next run took."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="clientlib-kills-") as name:
        folder = Path(name)
        before = write_before(folder / "before")
        undisturbed = run_undisturbed(before, folder / "undisturbed")
        say(f"undisturbed: {RUNS} runs in {undisturbed.seconds:.1f} s")
        say("killed at  done before  under way  next run")
        for moment in moments(KILLS, SEED):
            killed = kill_at(undisturbed, moment, folder / "project")
            say(
                f"{moment:9.0%}  {killed.done_before:11}  {killed.under_way:9}"
                f"  {killed.seconds:6.1f} s"
            )
    say(f"{KILLS} kills left no trace; {time.monotonic() - begun:.0f} s in all")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
