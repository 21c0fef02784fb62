"""A world that is easy to compute by hand, and a past of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import yaml

from autoscaler.whatif.world import World, read_world
from forecast.calendar import DAY
from forecast.history import History
from tests.forecast.histories import MONDAY, history, office_weeks

POOL = {
    "apiVersion": "meetscale.io/v1alpha1",
    "kind": "SFUPool",
    "metadata": {"name": "eu", "namespace": "media"},
    "spec": {
        "mode": "Act",
        "demand": {"query": "participants"},
        "target": {
            "group": "apps",
            "version": "v1",
            "resource": "deployments",
            "name": "sfu",
            "semantics": "Size",
            "subresource": "scale",
        },
        "server": {"participants": 100, "hourlyCost": "2"},
        "minReplicas": 2,
        "maxReplicas": 500,
        "leadTime": {"initialSeconds": 200, "reviewSeconds": 60},
        "launch": {"perMinute": 10, "burst": 20},
        "cost": {"currency": "EUR"},
        "links": [{"name": "transit"}],
    },
}
LINK = {
    "apiVersion": "meetscale.io/v1alpha1",
    "kind": "EgressLink",
    "metadata": {"name": "transit", "namespace": "media"},
    "spec": {
        "mode": "Recommend",
        "portMbps": 40000,
        "committedMbps": 2000,
        "stepMbps": 1000,
        "maxMbps": 40000,
        "utilizationPercent": 80,
        "tiers": [
            {"upToMbps": 5000, "leadTimeSeconds": 600},
            {"upToMbps": 40000, "leadTimeSeconds": 86400, "approver": "network-team"},
        ],
        "billing": {
            "model": "Percentile95",
            "timeZone": "UTC",
            "currency": "EUR",
            "pricePerMbps": "0.3",
        },
    },
}
EVENT = {
    "apiVersion": "meetscale.io/v1alpha1",
    "kind": "DemandEvent",
    "metadata": {"name": "all-hands", "namespace": "media"},
    "spec": {
        "poolSelector": {},
        "once": {"startTime": "2026-02-27T14:00:00Z", "endTime": "2026-02-27T15:00:00Z"},
        "multiplier": "2",
    },
}
TEXT = yaml.safe_dump_all([POOL, LINK])
NOW = MONDAY - 3 * DAY + 11 * 3600
"""Friday 2026-02-27, 11:00 UTC."""


def world(*assignments: str, text: str = TEXT) -> World:
    return read_world(text, source="pool.yaml", assignments=assignments)


def past(
    names: Sequence[str] = ("media/eu",), *, days: int = 29, peak: float = 1000.0, now: int = NOW
) -> History:
    """Return office weeks up to `now`."""
    whole = office_weeks(days, peak=peak)
    told = history(np.stack([whole] * len(names)), names=tuple(names))
    return told.window(told.start, now)
