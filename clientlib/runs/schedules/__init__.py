"""Schedules by others' engines: Dagster, cron, systemd."""
