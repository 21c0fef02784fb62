"""The stage: guarded pools, one that Meetscale sizes and two that it only protects."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.autoscaler.kube.cluster import APPS, scale_target
from tests.e2e.pools import PARTICIPANTS
from tests.servers.manifests import deployment, node_pool
from tests.servers.process import until
from tests.servers.rest import MERGE, Rest, RestError

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.servers.karpenter import Karpenter

Json = dict[str, Any]
POOL, RELEASED = "meetscale.io/pool", "meetscale.io/released"
GUARD = {"guard": "DenyUnlessReleased"}
WHEN_EMPTY = {"policy": "WhenEmpty", "stabilizationSeconds": 2, "maxPercentPerMinute": 100}
SIZED, HELD, SPREAD = "sized", "held", "spread"
SERVERS = {SIZED: 6, HELD: 4, SPREAD: 3}
SERVER = {"participants": PARTICIPANTS, "terminationGracePeriodSeconds": 1}
FILLER_CPU, SERVER_CPU = "12", "3"
"""Of a node's 16."""


class Stage:
    """`sized` lets empty servers go; `held` never does, nor `spread`, whose nodes are Karpenter's.

    Each server of `sized` is a scrape target with its pod's name. The nodes of `spread` are each
    held by a filler while its servers are placed, one on each; then all of these would fit on one.
    """

    def __init__(self, team: Rig, karpenter: Karpenter) -> None:
        self.team, self.cluster = team, team.cluster
        self._rest = Rest(team.cluster.plane)
        self.node_pool = f"{team.cluster.namespace}-{SPREAD}"
        self._karpenter = karpenter
        self._order_nodes()
        self._make_pool(SIZED, release={**GUARD, **WHEN_EMPTY})
        self._make_pool(HELD, release=GUARD)
        self._await(self._ready, SIZED, HELD)
        self.targets = self._play()
        self.operator = team.operator("--no-forecast")
        self._await_nodes()
        self._make_pool(SPREAD, release=GUARD)
        self._await(self._ready, SPREAD)
        self._await(self._budget, *SERVERS)

    def pods(self, app: str) -> dict[str, Json]:
        """Return the pods of a Deployment that are not leaving, by name."""
        return {
            pod["metadata"]["name"]: pod
            for pod in self.cluster.items("/api/v1", "pods")
            if pod["metadata"]["labels"].get("app") == app
            and "deletionTimestamp" not in pod["metadata"]
        }

    def names(self, app: str) -> set[str]:
        """Return the names of those pods."""
        return set(self.pods(app))

    def label(self, pod: str, value: str = "by-hand") -> None:
        """Release a server as a person does: it may go, and before all others."""
        cost = {"controller.kubernetes.io/pod-deletion-cost": "-1"}
        body = {"metadata": {"labels": {RELEASED: value}, "annotations": cost}}
        self._rest.request("PATCH", self.cluster.path("/api/v1", "pods", pod), body, MERGE)

    def evict(self, pod: str) -> int:
        """Ask for a pod's eviction; return the code of the answer."""
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
        path = self.cluster.path("/api/v1", "pods", pod)
        try:
            self._rest.request("POST", f"{path}/eviction", body)
        except RestError as error:
            return error.status
        return 201

    def node_of(self, pod: str) -> str:
        """Return the node of a pod."""
        body = self.cluster.get("/api/v1", "pods", pod)
        return str(body["spec"]["nodeName"])

    def change(self, name: str, spec: Json) -> None:
        """Change a Deployment, as anybody may."""
        path = self.cluster.path(APPS, "deployments", name)
        self._rest.request("PATCH", path, {"spec": spec}, MERGE)

    def occupy(self, occupied: set[str], *, each: float) -> None:
        """Let these servers of `sized` hold a meeting of so many, and all others nobody."""
        for name, target in self.targets.items():
            target.set("livekit_room_total", 1 if name in occupied else 0)
            target.set("livekit_participant_total", each if name in occupied else 0)

    def stay(self, app: str, pods: set[str], *, seconds: float) -> None:
        """Require that exactly these pods are there for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.names(app) >= pods
            time.sleep(0.2)

    def _make_pool(self, name: str, *, release: Json) -> None:
        nodes = self.node_pool if name == SPREAD else None
        body = deployment(
            name,
            self.cluster.namespace,
            replicas=SERVERS[name],
            cpu=SERVER_CPU if nodes else "100m",
            pool=nodes,
            labels={POOL: name},
        )
        self.cluster.create(APPS, "deployments", body)
        self.team.pools.pool(
            name,
            reads=SIZED if name == SIZED else "quiet",
            server={**SERVER, "selector": {"matchLabels": {"app": name}}},
            target=scale_target(name=name),
            minReplicas=2 if name == SIZED else SERVERS[name],
            release=release,
            leadTime={"initialSeconds": 5, "reviewSeconds": 5},
        )

    def _order_nodes(self) -> None:
        nodes = node_pool(
            self.node_pool, consolidation="WhenEmptyOrUnderutilized", consolidate_after="1s"
        )
        filler = deployment(
            "filler",
            self.cluster.namespace,
            replicas=SERVERS[SPREAD],
            cpu=FILLER_CPU,
            pool=self.node_pool,
        )
        self.cluster.plane.apply([*nodes, filler])

    def _await_nodes(self) -> None:
        def filled() -> bool:
            nodes = self._karpenter.ready_nodes(self.node_pool)
            fillers = self.team.records.served("filler")
            return len(nodes) == len(fillers) == SERVERS[SPREAD]

        until(filled, what="Karpenter's nodes", timeout=90)

    def _await(self, holds: Callable[[str], bool], *names: str) -> None:
        for name in names:
            until(partial(holds, name), what=f"{name}: {holds.__name__}", timeout=90)

    def unfill(self) -> None:
        """Let go of what filled the nodes of `spread`: all of its servers fit on one now."""
        self.change("filler", {"replicas": 0})

    def _play(self) -> dict[str, Any]:
        names = sorted(self.names(SIZED))
        demand = self.team.demand
        targets = demand.play(SIZED, 90.0 * len(names), targets=len(names), room_total=1)
        for name, target in zip(names, targets, strict=True):
            target.labels |= {"pod": name, "namespace": self.cluster.namespace}
        demand.play("quiet", 150.0, room_total=1)
        demand.start()
        return dict(zip(names, targets, strict=True))

    def _ready(self, name: str) -> bool:
        return len(self.team.records.served(name)) == SERVERS[name]

    def _budget(self, name: str) -> bool:
        return self.cluster.exists("/apis/policy/v1", "poddisruptionbudgets", f"meetscale-{name}")
