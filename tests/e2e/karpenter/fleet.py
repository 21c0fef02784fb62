"""A fleet of nodes behind Karpenter: a buffer that a pool steers, and the servers on its nodes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.autoscaler.kube.cluster import APPS, BUFFERS, buffer_target, workload
from tests.e2e.pools import PARTICIPANTS
from tests.servers.manifests import capacity_buffer, deployment, node_pool
from tests.servers.rest import RestError

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.servers.karpenter import Karpenter

SERVER_CPU = "12"
"""Of a node's 16: one server fits."""
REGISTRATION_SECONDS = 5
PERIOD = 0.3


class Fleet:
    """Nodes of a NodePool of its own, and a Deployment's servers, one of which fits on a node.

    A buffer buys warm nodes and starts nothing on them: `start_servers` plays whatever does.
    """

    def __init__(
        self,
        team: Rig,
        karpenter: Karpenter,
        name: str,
        *,
        semantics: str,
        reads: str,
        servers: int,
    ) -> None:
        self.team, self.name = team, name
        self.node_pool = f"{team.cluster.namespace}-{name}"
        self._karpenter = karpenter
        self._stop = threading.Event()
        self._starter: threading.Thread | None = None
        namespace, floor = team.cluster.namespace, semantics == "Floor"
        team.cluster.plane.apply(
            [
                *node_pool(self.node_pool, boot_seconds=REGISTRATION_SECONDS),
                *capacity_buffer(
                    name,
                    namespace,
                    replicas=servers if floor else 0,
                    pool=self.node_pool,
                    cpu=SERVER_CPU,
                    one_per_node=floor,
                ),
                deployment(name, namespace, replicas=servers, cpu=SERVER_CPU, pool=self.node_pool),
            ]
        )
        team.pools.pool(
            name,
            reads=reads,
            server={"participants": PARTICIPANTS, "workload": workload("deployments", name)},
            target=buffer_target(semantics) | {"name": name},
            leadTime={"initialSeconds": 60, "reviewSeconds": 5},
        )

    def count_nodes(self) -> int:
        """Return how many nodes exist, Ready or not: what is paid for."""
        return len(self._karpenter.nodes(self.node_pool))

    @property
    def buffer(self) -> int:
        """The number written to the buffer."""
        return int(self.team.cluster.get(BUFFERS, "capacitybuffers", self.name)["spec"]["replicas"])

    @property
    def written(self) -> int:
        """The floor that the pool's status says is written."""
        return int(self.team.records.pool(self.name)["status"]["capacity"]["written"])

    @property
    def served(self) -> list[float]:
        """When each server began to serve, epoch seconds, by the API server's record."""
        return self.team.records.served(self.name)

    def start_servers(self, most: int) -> None:
        """Start a server on each node that turns Ready from now on, until there are so many."""
        self._starter = threading.Thread(
            target=self._start_servers, args=(most,), name=self.name, daemon=True
        )
        self._starter.start()

    def stop(self) -> None:
        """Start no more."""
        self._stop.set()
        if self._starter is not None:
            self._starter.join()

    def _start_servers(self, most: int) -> None:
        started = self.team.pools.size(self.name)
        while not self._stop.wait(PERIOD):
            ready = min(most, len(self._karpenter.ready_nodes(self.node_pool)))
            if ready <= started:
                continue
            try:
                self.team.cluster.merge(
                    APPS, "deployments", self.name, {"spec": {"replicas": ready}}
                )
            except RestError:  # changed meanwhile: at the next look
                continue
            started = ready
