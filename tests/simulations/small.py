"""Small scenarios: hours instead of days, so that tests take milliseconds."""

from copy import deepcopy
from typing import Any

from simulations.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "name": "small",
    "title": "A quiet afternoon",
    "category": "ordinary",
    "provenance": ["made up for tests"],
    "seed": 1,
    "start": "2026-03-02T12:00:00",
    "durationSeconds": 4 * 3600,
    "historyDays": 1,
    "pools": [
        {
            "resource": {
                "apiVersion": "meetscale.io/v1alpha1",
                "kind": "SFUPool",
                "metadata": {"name": "eu"},
                "spec": {
                    "mode": "Act",
                    "demand": {"preset": "LiveKit", "matchLabels": {"pool": "eu"}},
                    "server": {"participants": 300, "hourlyCost": "1"},
                    "target": {
                        "group": "apps",
                        "version": "v1",
                        "resource": "deployments",
                        "name": "sfu",
                        "semantics": "Size",
                        "subresource": "scale",
                    },
                    "minReplicas": 1,
                    "maxReplicas": 100,
                    "release": {"policy": "WhenEmpty"},
                },
            },
            "demand": {"peakParticipants": 3000, "day": "Flat"},
        }
    ],
}


def document(**fields: Any) -> dict[str, Any]:
    """The small scenario as parsed YAML, with top-level fields replaced."""
    return deepcopy(SMALL) | fields


def scenario(**fields: Any) -> Scenario:
    """The small scenario, with top-level fields replaced."""
    return Scenario.model_validate(document(**fields))


def pool(**fields: Any) -> dict[str, Any]:
    """The small scenario's pool, with fields (demand, supply) replaced."""
    only: dict[str, Any] = deepcopy(SMALL["pools"][0])
    return only | fields


def link(**spec: Any) -> dict[str, Any]:
    """A link of 6 Gbit/s, up to 60, that pools may name."""
    said: dict[str, Any] = {
        "mode": "Recommend",
        "portMbps": 60_000,
        "committedMbps": 6000,
        "stepMbps": 2000,
        "maxMbps": 60_000,
        "tiers": [{"upToMbps": 60_000, "leadTimeSeconds": 1800, "approver": "network"}],
        "billing": {
            "model": "Committed",
            "timeZone": "UTC",
            "currency": "EUR",
            "pricePerMbps": "0.5",
        },
    }
    resource = {
        "apiVersion": "meetscale.io/v1alpha1",
        "kind": "EgressLink",
        "metadata": {"name": "egress"},
        "spec": said | spec,
    }
    return {"resource": resource, "answers": {"p50Seconds": 300, "p95Seconds": 600}}


def through_link(**fields: Any) -> dict[str, Any]:
    """The small scenario's pool, sending 1.5 Mbit/s a participant through that link."""
    sending = pool(**fields) | {"egressMbps": 1.5}
    sending["resource"]["spec"]["links"] = [{"name": "egress"}]
    return sending


def surge(
    multiplier: float, *, at: str = "2026-03-02T13:00:00", ramp: int = 1800
) -> dict[str, Any]:
    """A demand whose surge begins in the first hour."""
    grown = {"name": "surge", "start": at, "rampSeconds": ramp, "multiplier": multiplier}
    return {"peakParticipants": 3000, "day": "Flat", "surges": [grown]}
