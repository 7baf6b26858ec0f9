"""What canonical tables look like to proposals."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnShape:
    """A canonical column: its type, whether each row must have it, and the values it may have."""

    name: str
    type: str
    is_required: bool
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableShape:
    """A canonical table: its key and its columns."""

    table: str
    grain: tuple[str, ...]
    columns: tuple[ColumnShape, ...]

    def column(self, name: str) -> ColumnShape:
        """Find a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def has(self, name: str) -> bool:
        """Say whether there is a column of that name."""
        return any(column.name == name for column in self.columns)
