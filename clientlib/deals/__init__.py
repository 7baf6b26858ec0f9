"""Deals: what became of the pipeline between two days, and which deals slip."""

from clientlib.deals.pipeline import Pipeline, PipelineDays, bridge_pipeline

__all__ = ["Pipeline", "PipelineDays", "bridge_pipeline"]
