"""Small projects on disk: a few exports, a mapping, a load at a stated time."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.config import FileMapping, Settings, SourceSettings, TableMapping, WarehouseSettings
from clientlib.warehouse import build_snapshot, load_sources, open_warehouse, release_rows

ORDER_COLUMNS = {
    "order_id": "No",
    "client_id": "Client",
    "ordered_on": "Date",
    "status": "State",
    "promised_on": "Promised",
}


class Project:
    """A project whose one source is a folder of order exports."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "data" / "raw" / "erp"
        self.raw.mkdir(parents=True)
        self.file = {"name": "orders", "file": "orders*.*", "delimiter": ";"}
        self.source = {}
        self.table = {"table": "orders", "columns": dict(ORDER_COLUMNS)}
        self.keep_snapshots = 5
        self.warehouse = {}

    def settings(self) -> Settings:
        mapping = FileMapping(**self.file, tables=[TableMapping(**self.table)])
        source = SourceSettings(path=Path("data/raw/erp"), files=[mapping], **self.source)
        warehouse = WarehouseSettings(keep_snapshots=self.keep_snapshots, **self.warehouse)
        return Settings(root=self.root, sources={"erp": source}, warehouse=warehouse)

    def write(self, text: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = self.raw / name
        path.write_bytes(text.encode(encoding))
        return path

    def load(self, day: str = "2025-07-01", *, accept_excess: bool = False):
        now = datetime.fromisoformat(f"{day}T06:00:00").replace(tzinfo=UTC)
        return load_sources(self.settings(), now=now, accept_excess=accept_excess)

    def release(self, day: str = "2025-07-20", *, table: str | None = None, is_trial: bool = False):
        now = datetime.fromisoformat(f"{day}T06:00:00").replace(tzinfo=UTC)
        return release_rows(self.settings(), now=now, table=table, is_trial=is_trial)

    def build(self, day: str = "2025-07-01", keep: frozenset[str] = frozenset()) -> str:
        now = datetime.fromisoformat(f"{day}T07:00:00").replace(tzinfo=UTC)
        return build_snapshot(self.settings(), now=now, keep=keep)

    def raw_rows(self, query: str) -> list[tuple]:
        with duckdb.connect(self.root / "data" / "warehouse" / "raw.duckdb") as connection:
            return connection.execute(query).fetchall()

    def open(self):
        return open_warehouse(self.root / "data" / "warehouse")


@pytest.fixture(scope="session")
def new_project() -> type[Project]:
    return Project


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)
