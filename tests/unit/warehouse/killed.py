"""A load or a build in a process of its own, told step by step, to be killed at one of them."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from clientlib.config import Settings, SourceSettings
from clientlib.warehouse import build_snapshot, load_sources

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def settings_of(root: Path) -> Settings:
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    return Settings(root=root, sources={"sample": source})


def run(root: Path, command: str) -> None:
    def tell(step: object) -> None:
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()

    if command == "both":
        tell("begun")
    if command in ("load", "both"):
        load_sources(settings_of(root), now=NOW, on_count=tell)
    if command in ("build", "both"):
        build_snapshot(settings_of(root), now=NOW, on_table=tell)
    if command != "both":
        time.sleep(60)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
