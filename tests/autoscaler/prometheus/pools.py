"""Pools as their owners write them, and rows as Prometheus answers them."""

from typing import Any

from autoscaler.prometheus.promql import FACET
from autoscaler.resources.sfupool import SFUPool

NOW = 1_800_000_000
"""A quarter-hour of 2027."""


def pool(name: str, **demand: object) -> SFUPool:
    """Return the pool `sfu/NAME`; without a preset or query it is LiveKit's, by its name."""
    if "query" not in demand:
        demand = {"preset": "LiveKit", "matchLabels": {"sfu_pool": name}, **demand}
    return SFUPool.model_validate(
        {
            "apiVersion": "meetscale.io/v1alpha1",
            "kind": "SFUPool",
            "metadata": {"namespace": "sfu", "name": name},
            "spec": {
                "demand": demand,
                "server": {"participants": 400},
                "minReplicas": 1,
                "maxReplicas": 100,
            },
        }
    )


def row(value: float | str, **labels: str) -> dict[str, Any]:
    """Return one series of an instant query's answer."""
    return {"metric": labels, "value": [float(NOW), str(value)]}


def rows(pool_name: str, **facets: float | str) -> list[dict[str, Any]]:
    """Return what a group's question answers of one pool."""
    return [row(value, **{"sfu_pool": pool_name, FACET: facet}) for facet, value in facets.items()]


def points(values: dict[int, float | str], *, facet: str = "", **labels: str) -> dict[str, Any]:
    """Return one series of a range query's answer, by epoch seconds."""
    metric = {**labels, FACET: facet} if facet else labels
    return {"metric": metric, "values": [[float(time), str(v)] for time, v in values.items()]}
