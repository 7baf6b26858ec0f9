"""A session of Spark, on this machine or on a cluster."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from clientlib.config import SparkSettings
from clientlib.errors import ClientlibError, ConfigError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOGGING = Path(__file__).with_name("log4j2.properties")
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
ON_THIS_MACHINE = QUIET | {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOGGING.as_uri()}",
}


@contextmanager
def open_spark(settings: SparkSettings) -> Iterator[SparkSession]:
    """Start a session of Spark and stop it at the end.

    Parameters
    ----------
    settings : SparkSettings
        Its master and Spark's own settings, which go before ours.

    Yields
    ------
    SparkSession
        The session.

    Raises
    ------
    ConfigError
        The extra is not installed, or there is no Java.
    ClientlibError
        The master does not answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Spark is not installed", hint="pip install 'clientlib[spark]'"
        ) from error
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise ConfigError("Spark needs Java", hint="install Java 17 or 21, or state JAVA_HOME")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # its errors reach us
    is_local = settings.master.startswith("local")
    if is_local:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("clientlib").master(settings.master)
    usual = ON_THIS_MACHINE if is_local else QUIET
    with TemporaryDirectory(prefix="clientlib-spark-") as folder:
        # Tables of Spark's own, of which there are none, would lie in the folder one works in.
        places = {"spark.sql.warehouse.dir": folder} if is_local else {}
        for name, value in (usual | places | settings.settings).items():
            builder = builder.config(name, value)
        yield from _run(builder, settings)


def _run(builder: SparkSession.Builder, settings: SparkSettings) -> Iterator[SparkSession]:
    from pyspark.errors import PySparkException

    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise ClientlibError(
            f"Spark cannot be started on {settings.master}",
            example=str(error).strip().splitlines()[0],
            hint="see that the master runs and can be reached from here",
        ) from error
    try:
        yield session
    finally:
        session.stop()
