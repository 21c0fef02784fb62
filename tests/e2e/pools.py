"""Pools and what they steer, as small as they can be and still be true to life."""

from __future__ import annotations

from typing import Any

from tests.autoscaler.kube.cluster import APPS, AUTOSCALING, Cluster, hpa_target, scale_target
from tests.servers.manifests import deployment

Json = dict[str, Any]
PARTICIPANTS = 100
"""What one server carries."""


def livekit(pool: str, **more: Any) -> Json:
    """Return where a pool's demand is read, as `Demand.play` tells it."""
    return {"preset": "LiveKit", "matchLabels": {"sfu_pool": pool}, **more}


class Pools:
    """Makes pools in one namespace."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def on_hpa(
        self, name: str, *, replicas: int = 2, reads: str | None = None, **spec: Any
    ) -> None:
        """Make a pool whose Floor is an HPA's minReplicas; the HPA's Deployment runs its servers.

        All of them have the pool's name; `reads` is another pool whose demand it reads.
        """
        self.servers(name, replicas=replicas)
        self._cluster.hpa(name, scales=name, minReplicas=replicas, maxReplicas=200)
        self.pool(name, reads=reads, target=hpa_target(name=name), **spec)

    def on_scale(
        self, name: str, *, replicas: int = 2, reads: str | None = None, **spec: Any
    ) -> None:
        """Make a pool whose Size is a Deployment's scale."""
        self.servers(name, replicas=replicas)
        self.pool(name, reads=reads, target=scale_target(name=name), **spec)

    def servers(self, name: str, *, replicas: int = 2) -> None:
        """Make the Deployment that runs a pool's servers."""
        body = deployment(name, self._cluster.namespace, replicas=replicas)
        self._cluster.create(APPS, "deployments", body)

    def pool(self, name: str, *, reads: str | None = None, **spec: Any) -> Json:
        """Make a pool in mode Act, of servers for 100 participants each."""
        body = {
            "demand": livekit(reads or name),
            "server": {"participants": PARTICIPANTS, "terminationGracePeriodSeconds": 1},
            "minReplicas": 2,
            "maxReplicas": 200,
            "launch": {"perMinute": 600, "burst": 200},
            **spec,
        }
        return self._cluster.pool(name, **body)

    def floor(self, name: str) -> int:
        """Return the minReplicas of an HPA."""
        hpa = self._cluster.get(AUTOSCALING, "horizontalpodautoscalers", name)
        return int(hpa["spec"]["minReplicas"])

    def size(self, name: str) -> int:
        """Return the replicas that a Deployment is to have."""
        return int(self._cluster.get(APPS, "deployments", name)["spec"]["replicas"])
