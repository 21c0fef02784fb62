"""A team's namespace with an operator of its own: what every test in here stands on.

    with played(prometheus_binaries, folder) as demand:
        demand.play("eu", 1000.0, remembered=True)
        demand.start()
        with rig(plane, folder, demand=demand) as rig:
            rig.pools.on_hpa("eu")
            operator = rig.operator()
            rig.records.await_condition("eu", "Ready", "True")

The operator is the real command under the shipped ServiceAccount's token; API server and Prometheus
are real; the pools' SFUs are scrape targets. Nodes and pods need a played kubelet.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kubernetes import client as kube

from tests.autoscaler.kube.cluster import Cluster
from tests.e2e.demand import Demand
from tests.e2e.installation import ACT, Installation, installed
from tests.e2e.operator import Operator
from tests.e2e.pools import Pools
from tests.e2e.records import Records
from tests.servers.namespaces import temporary_namespace

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane


class Rig:
    """`cluster` is the team's namespace, `installation` the operator's own."""

    def __init__(
        self, cluster: Cluster, installation: Installation, demand: Demand, folder: Path
    ) -> None:
        self.cluster = cluster
        self.installation = installation
        self.demand = demand
        self.pools = Pools(cluster)
        self.records = Records(cluster)
        self._folder = folder
        self._operators: list[Operator] = []

    def operator(
        self,
        *flags: str,
        tick_seconds: float = 1.0,
        start: bool = True,
        kubeconfig: Path | None = None,
    ) -> Operator:
        """Make an operator with further flags, and start it unless told otherwise.

        `kubeconfig` is another way to the same API server.
        """
        installation = self.installation
        operator = Operator(
            installation if kubeconfig is None else replace(installation, kubeconfig=kubeconfig),
            prometheus_url=self.demand.prometheus.url,
            namespace=self.cluster.namespace,
            folder=self._folder / f"operator-{len(self._operators) + 1}",
            tick_seconds=tick_seconds,
            flags=flags,
        )
        self._operators.append(operator)
        if start:
            operator.start()
        return operator

    def forget_state(self) -> None:
        """Delete what operators of this installation kept of their state."""
        api = kube.CoreV1Api(self.cluster.plane.api_client())
        for kept in api.list_namespaced_config_map(self.installation.namespace).items:
            if kept.metadata.name.startswith("meetscale-state-"):
                api.delete_namespaced_config_map(kept.metadata.name, self.installation.namespace)

    def stop(self) -> None:
        """End every operator, before its namespaces go."""
        for operator in self._operators:
            operator.kill()


@contextlib.contextmanager
def rig(
    plane: ControlPlane, folder: Path, *, demand: Demand, name: str = "team", manifests: str = ACT
) -> Iterator[Rig]:
    """Yield a rig; `folder` is not shared with another one of the same `name`."""
    home = folder / name
    home.mkdir(parents=True)
    with (
        installed(plane, home / "overlay", manifests) as installation,
        temporary_namespace(plane, name) as namespace,
    ):
        made = Rig(Cluster(plane, namespace), installation, demand, home)
        try:
            yield made
        finally:
            made.stop()
