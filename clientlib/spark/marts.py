"""The tables of a warehouse, made on Spark from Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clientlib.errors import ContractError
from clientlib.spark.dialect import to_spark, view_name
from clientlib.warehouse.build import tables_read
from clientlib.warehouse.contracts import Contract

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# What Spark must do as DuckDB does: keep every decimal place of a product, refuse what does not
# fit, know no time zone, climb from a company to its parents as far as it goes.
RULES = {
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
}


class SparkMarts:
    """Makes tables on Spark, each from those made before it.

    Parameters
    ----------
    session : SparkSession
        A session, on this machine or a cluster. Its settings and views are left alone.
    folder : Path
        Folder that this machine and every worker see under the same path. Tables of ``raw`` are
        read from it as Parquet, marts are written to it.
    """

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self.folder = folder
        self._session = session.newSession()
        for name, value in RULES.items():
            self._session.conf.set(name, value)
        self._columns: dict[str, list[str]] = {}

    def make(self, contract: Contract) -> Path | None:
        """Make a table, as an ``Engine`` of the warehouse does.

        Parameters
        ----------
        contract : Contract
            Its contract.

        Returns
        -------
        Path or None
            See ``Engine.make``.

        Raises
        ------
        ContractError
            Spark refuses its statement.
        """
        from pyspark.errors import PySparkException

        for raw in tables_read(contract, ("raw",)) - self._columns.keys():
            self._read(raw)
        try:
            frame = self._session.sql(to_spark(contract.body, self._columns))
            if contract.is_view:
                self._name(contract.name, frame)
                return None
            frame.write.mode("overwrite").parquet(self._folder_of(contract.name).as_uri())
        except PySparkException as error:
            raise ContractError(
                f"{contract.name} cannot be made on Spark",
                example=str(error).strip().splitlines()[0],
                hint=f"see clientlib/sql/{contract.schema}/{contract.table}.sql",
            ) from error
        self._read(contract.name)
        return self._folder_of(contract.name)

    def rows(self, name: str) -> DataFrame:
        """Give the rows of a table that was made.

        Parameters
        ----------
        name : str
            As ``schema.table``.

        Returns
        -------
        DataFrame
            Of Spark, not yet computed.
        """
        return self._session.table(view_name(name))

    def _folder_of(self, name: str) -> Path:
        return self.folder / name.replace(".", "/")

    def _read(self, name: str) -> None:
        self._name(name, self._session.read.parquet(self._folder_of(name).as_uri()))

    def _name(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(view_name(name))
        self._columns[name] = frame.columns
