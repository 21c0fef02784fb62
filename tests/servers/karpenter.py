"""A real node autoscaler: Karpenter, whose cloud (kwok) makes Node objects and nothing else."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3
import yaml

from tests.servers.binaries import KarpenterBinaries
from tests.servers.kubelet import is_ready
from tests.servers.process import Process, free_port, until
from tests.servers.rest import MERGE, NOT_FOUND, Json, Rest, RestError

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

GATES = (
    "NodeRepair=false,ReservedCapacity=false,SpotToSpotConsolidation=false,NodeOverlay=false,"
    "StaticCapacity=true,CapacityBuffer=true"
)
BUFFERS = "/apis/autoscaling.x-k8s.io/v1beta1/capacitybuffers"
POOLS = "/apis/karpenter.sh/v1/nodepools"
CLAIMS = "/apis/karpenter.sh/v1/nodeclaims"
NODES = "/api/v1/nodes"
POOL_LABEL = "karpenter.sh/nodepool"


class Karpenter:
    """Karpenter on `plane`, with its CRDs installed; its nodes need played kubelets."""

    def __init__(self, binaries: KarpenterBinaries, plane: ControlPlane, folder: Path) -> None:
        self._crds = binaries.crds
        self._plane = plane
        self._api = Rest(plane)
        probe_port = free_port()
        self._probe = f"http://127.0.0.1:{probe_port}/readyz"
        self._process = Process(
            [str(binaries.karpenter)],
            name="karpenter",
            log=folder / "karpenter.log",
            environment={
                "KUBECONFIG": str(plane.admin_kubeconfig),
                "SYSTEM_NAMESPACE": "kube-system",
                "DISABLE_LEADER_ELECTION": "true",
                "METRICS_PORT": str(free_port()),
                "HEALTH_PROBE_PORT": str(probe_port),
                "FEATURE_GATES": GATES,
                "INSTANCE_TYPES_FILE_PATH": str(binaries.instance_types),
            },
        )

    def start(self) -> None:
        """Install its CRDs and start it; return when it is ready."""
        files = sorted(self._crds.glob("*.yaml"))
        self._plane.apply([yaml.safe_load(file.read_text()) for file in files])
        self._process.start()
        self._process.await_ready(self._ready)

    def stop(self) -> None:
        """Stop it, and delete its buffers, pools, claims and nodes."""
        self._process.kill()
        for listed in (BUFFERS, POOLS, CLAIMS, NODES):
            until(functools.partial(self._deleted, listed), what=f"no {listed} left")

    def nodes(self, pool: str) -> list[Json]:
        """Return the Node objects of a NodePool, oldest first."""
        nodes = self._api.items(NODES)
        return [node for node in nodes if node["metadata"]["labels"].get(POOL_LABEL) == pool]

    def ready_nodes(self, pool: str) -> list[str]:
        """Return the names of the nodes of a NodePool that are Ready."""
        return [node["metadata"]["name"] for node in self.nodes(pool) if is_ready(node)]

    def _deleted(self, listed: str) -> bool:
        """Delete all of a kind, finalizers and all: nobody is left who would do their work."""
        base, _, plural = listed.rpartition("/")
        try:
            objects = self._api.items(listed)
        except RestError as error:
            if error.status == NOT_FOUND:  # its CRD was never installed
                return True
            raise
        found = False
        for metadata in (one["metadata"] for one in objects):
            if listed == NODES and POOL_LABEL not in metadata["labels"]:
                continue  # not Karpenter's
            found = True
            within = f"/namespaces/{metadata['namespace']}" if "namespace" in metadata else ""
            path = f"{base}{within}/{plural}/{metadata['name']}"
            self._api.change("DELETE", path, {})
            self._api.change("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
        return not found

    def _ready(self) -> bool:
        try:
            answer = urllib3.request("GET", self._probe, timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200
