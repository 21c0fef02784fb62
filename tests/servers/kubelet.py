"""Plays the kubelets of all nodes: nodes turn Ready, pods turn ready, pods end.

Level-triggered like the real one: a few LISTs several times a second, and every delay counted from
the object's own timestamps, so that a lost or frozen API server only delays what is due.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.servers.delays import Delay, at_once
from tests.servers.rest import MERGE, STRATEGIC, Json, Rest, RestError

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

log = logging.getLogger(__name__)

PERIOD = 0.2
NOT_READY = "node.kubernetes.io/not-ready"
PLAYED = {"tests.meetscale.io/node": "played"}
"""The label of nodes that `add_nodes` made."""


@dataclass(slots=True)
class NodeLife:
    """When a node was created, should be and was made Ready (epoch seconds; None: not yet)."""

    created: float
    due: float
    ready: float | None = None


@dataclass(slots=True)
class PodLife:
    """When a pod was seen on its node, should be and was made ready, and was gone."""

    node: str
    scheduled: float
    due: float
    ready: float | None = None
    gone: float | None = None


class Kubelet:
    """All kubelets of a plane in one thread; `nodes` and `pods` tell what happened when."""

    def __init__(self, plane: ControlPlane) -> None:
        self.nodes: dict[str, NodeLife] = {}
        self.pods: dict[str, PodLife] = {}
        """By `namespace/name`."""
        self._api = Rest(plane)
        self._node_delay: Delay = at_once
        self._pod_delay: Delay = at_once
        self._rng = np.random.default_rng(0)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(
        self,
        *,
        node_delay: Delay = at_once,
        pod_delay: Delay = at_once,
        seed: int = 0,
    ) -> None:
        """Play from now on.

        `node_delay` is from a node's creation to Ready; `pod_delay` from a pod's place on a Ready
        node to readiness. Delays are drawn in the order in which nodes and pods appear.
        """
        self._node_delay, self._pod_delay = node_delay, pod_delay
        self._rng = np.random.default_rng(seed)
        self._thread = threading.Thread(target=self._play, name="kubelet", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop playing and delete the nodes of `add_nodes`."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        selector = ",".join(f"{key}={value}" for key, value in PLAYED.items())
        self._api.request("DELETE", f"/api/v1/nodes?labelSelector={selector}")

    def add_nodes(
        self,
        count: int,
        *,
        prefix: str = "node",
        cpu: str = "16",
        labels: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Create nodes, as a cloud would: they turn Ready after their delay. Return their names."""
        names = [f"{prefix}-{number}" for number in range(1, count + 1)]
        room = {"cpu": cpu, "memory": "64Gi", "pods": "110"}
        status = {"capacity": room, "allocatable": room}
        for name in names:
            metadata = {"name": name, "labels": {**PLAYED, **(labels or {})}}
            node = {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status}
            self._api.request("POST", "/api/v1/nodes", node)
        return names

    def _play(self) -> None:
        while not self._stop.wait(PERIOD):
            try:
                ready = self._play_nodes()
                self._play_pods(ready)
            except RestError as error:  # the tests stop the API server on purpose
                log.debug("kubelet: %s", error)

    def _play_nodes(self) -> set[str]:
        """Turn due nodes Ready; return the names of all Ready ones."""
        now = time.time()
        ready = set()
        for node in self._api.items("/api/v1/nodes"):
            name = node["metadata"]["name"]
            life = self.nodes.get(name)
            if life is None:
                created = _epoch(node["metadata"]["creationTimestamp"])
                life = NodeLife(created, created + self._node_delay(self._rng))
                self.nodes[name] = life
            if is_ready(node):
                ready.add(name)
                self._untaint(node)
            elif now >= life.due:
                status = {"conditions": [_ready_condition()]}
                if self._api.change(
                    "PATCH", f"/api/v1/nodes/{name}/status", {"status": status}, STRATEGIC
                ):
                    life.ready = time.time()
        return ready

    def _play_pods(self, ready_nodes: set[str]) -> None:
        """Turn due pods of Ready nodes ready, and end those whose grace is over."""
        now = time.time()
        seen = set()
        for pod in self._api.items("/api/v1/pods"):
            node = pod["spec"].get("nodeName")
            if node is None:
                continue
            key = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
            seen.add(key)
            life = self.pods.get(key)
            if life is None and node in ready_nodes:
                life = PodLife(node, now, now + self._pod_delay(self._rng))
                self.pods[key] = life
            if "deletionTimestamp" in pod["metadata"]:
                self._end_when_due(pod, now)
            elif life is not None and life.ready is None and now >= life.due:
                self._run(pod, life)
        for key, life in self.pods.items():
            if key not in seen and life.gone is None:
                life.gone = now

    def _run(self, pod: Json, life: PodLife) -> None:
        if self._api.change("PATCH", f"{_path(pod)}/status", {"status": _running(pod)}, STRATEGIC):
            life.ready = time.time()

    def _end_when_due(self, pod: Json, now: float) -> None:
        # The deletion timestamp is the end of the grace period, not its beginning.
        if now >= _epoch(pod["metadata"]["deletionTimestamp"]):
            self._api.change("DELETE", _path(pod), {"gracePeriodSeconds": 0})

    def _untaint(self, node: Json) -> None:
        taints = node["spec"].get("taints", [])
        kept = [taint for taint in taints if taint["key"] != NOT_READY]
        if len(kept) < len(taints):
            # A patch replaces the whole list: only as long as nobody else has changed the node.
            metadata = node["metadata"]
            seen = {"resourceVersion": metadata["resourceVersion"]}
            patch = {"metadata": seen, "spec": {"taints": kept}}
            self._api.change("PATCH", f"/api/v1/nodes/{metadata['name']}", patch, MERGE)


def is_ready(node: Json) -> bool:
    """Tell whether a node's condition Ready is True."""
    conditions = node.get("status", {}).get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def _ready_condition() -> Json:
    moment = _timestamp()
    return {
        "type": "Ready",
        "status": "True",
        "reason": "KubeletReady",
        "message": "played by the tests",
        "lastHeartbeatTime": moment,
        "lastTransitionTime": moment,
    }


def _running(pod: Json) -> Json:
    moment = _timestamp()
    started = {
        "ready": True,
        "started": True,
        "restartCount": 0,
        "imageID": "",
        "state": {"running": {"startedAt": moment}},
    }
    return {
        "phase": "Running",
        "startTime": moment,
        "containerStatuses": [
            {"name": one["name"], "image": one["image"], **started}
            for one in pod["spec"]["containers"]
        ],
        "conditions": [
            {"type": kind, "status": "True", "lastTransitionTime": moment}
            for kind in ("Initialized", "ContainersReady", "Ready")
        ],
    }


def _path(pod: Json) -> str:
    metadata = pod["metadata"]
    return f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"


def _epoch(timestamp: str) -> float:
    return dt.datetime.fromisoformat(timestamp).timestamp()


def _timestamp() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
