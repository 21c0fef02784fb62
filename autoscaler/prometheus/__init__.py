"""Demand from Prometheus: one query for all pools of a preset, and no number without its trust."""
