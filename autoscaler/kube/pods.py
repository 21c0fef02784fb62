"""The `Servers` port on a Kubernetes API server: pods listed by label, and labelled one by one.

Each change carries the uid and the revision that were listed, so that it fails on a pod that was
changed or replaced since: then it is decided anew at the next tick.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from autoscaler.errors import KubernetesError
from autoscaler.kube.budgets import POOL, RELEASED, Budgets
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.kube.fields import Object, as_number
from autoscaler.ports.servers import Mark, Pod
from autoscaler.resources.sfupool import SFUPool

PODS = Kind("", "v1", "pods")
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
CHEAPEST = str(-(2**31) + 1)
"""Goes before every pod that says nothing of its cost, and before whatever others may have set."""
ENDED = ("Succeeded", "Failed")
MARKERS = 8


class KubeServers:
    """Lists and labels the pods of pools, and keeps a budget for those that are guarded."""

    def __init__(self, client: KubeClient, *, namespaces: Sequence[str] = ()) -> None:
        self._client = client
        self._budgets = Budgets(client, namespaces=namespaces)
        self._threads = ThreadPoolExecutor(MARKERS, thread_name_prefix="mark")

    def list(self, pool: SFUPool) -> Sequence[Pod]:
        """List the pool's pods. Raises KubernetesError."""
        selector = pool.spec.server.selector
        assert selector is not None, "pods are only ever listed for a pool that selects some"
        labels = ",".join(f"{key}={value}" for key, value in selector.match_labels.items())
        path = PODS.path(pool.metadata.namespace)
        items = self._client.get(path, labelSelector=labels).get("items") or ()
        return [
            pod_of(item, pool) for item in items if item.get("status", {}).get("phase") not in ENDED
        ]

    def mark(
        self, pool: SFUPool, marks: Sequence[Mark], *, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        """Label pods as released, or take the label. Never raises."""

        def one(mark: Mark) -> str:
            if not may_write():
                return "this operator does not lead any more"
            try:
                path = PODS.path(pool.metadata.namespace, mark.pod.name)
                self._client.merge(path, _patch(mark))
            except KubernetesError as error:
                return str(error)
            return ""

        names = [mark.pod.name for mark in marks]
        return dict(zip(names, self._threads.map(one, marks), strict=True))

    def protect(
        self, pools: Sequence[SFUPool], *, now: int, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        """Keep a disruption budget for each guarded pool. Never raises."""
        return self._budgets.keep(pools, now=now, may_write=may_write)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def pod_of(body: Object, pool: SFUPool) -> Pod:
    """Return what a release needs to know of a pod."""
    metadata, status = body["metadata"], body.get("status", {})
    labels = metadata.get("labels") or {}
    conditions = status.get("conditions") or ()
    told = as_number(labels.get(RELEASED))
    return Pod(
        name=metadata["name"],
        uid=metadata["uid"],
        revision=metadata["resourceVersion"],
        address=status.get("podIP", ""),
        created=int(datetime.fromisoformat(metadata["creationTimestamp"]).timestamp()),
        placed=bool(body["spec"].get("nodeName")),
        ready=any(one["type"] == "Ready" and one["status"] == "True" for one in conditions),
        leaving="deletionTimestamp" in metadata,
        told_at=told,
        # We write when it was told; a person writes anything else.
        by_hand=RELEASED in labels and told is None,
        guardable=labels.get(POOL) == pool.metadata.name,
    )


def _patch(mark: Mark) -> dict[str, Any]:
    told = mark.at is not None
    return {
        "metadata": {
            "uid": mark.pod.uid,
            "resourceVersion": mark.pod.revision,
            "labels": {RELEASED: str(mark.at) if told else None},
            "annotations": {DELETION_COST: CHEAPEST if told else None},
        }
    }
