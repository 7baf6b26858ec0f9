"""Spark: the marts of a warehouse, made past one machine."""

from clientlib.spark.dialect import to_spark
from clientlib.spark.marts import SparkMarts
from clientlib.spark.session import open_spark

__all__ = ["SparkMarts", "open_spark", "to_spark"]
