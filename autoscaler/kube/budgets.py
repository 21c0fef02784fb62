"""A disruption budget for each guarded pool: evictions wait until a server is released.

Evictions do not pass the admission policy that denies deletions, so the guard needs both. The
budget selects the pods that carry the pool's label and not the one of the released: those are
evicted freely. It is owned by the pool, and deleted when the guard is switched off.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autoscaler.errors import KubernetesError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.kube.fields import Object
from autoscaler.resources.common import GROUP, VERSION
from autoscaler.resources.policy import Guard
from autoscaler.resources.sfupool import SFUPool

POOL, RELEASED = f"{GROUP}/pool", f"{GROUP}/released"
"""Labels of a pod: whose server it is, and (epoch seconds) since when it may go."""
BUDGETS = Kind("policy", "v1", "poddisruptionbudgets")
OURS = f"{GROUP}/guards"
"""Label of the budgets that we keep: the pool that each is for."""
MANAGER = "meetscale-guard"
LOOK_SECONDS = 30


class Budgets:
    """Compares what is there with what should be, every half a minute and when pools change."""

    def __init__(self, client: KubeClient, *, namespaces: Sequence[str] = ()) -> None:
        self._client = client
        self._namespaces = namespaces
        self._looked_at: int | None = None
        self._guarded: frozenset[str] = frozenset()
        self._troubles: Mapping[str, str] = {}

    def keep(
        self, pools: Sequence[SFUPool], *, now: int, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        """Return by `namespace/name` why a guarded pool has no budget. Never raises."""
        guarded = {pool.key: pool for pool in pools if _is_guarded(pool)}
        uids = frozenset(pool.metadata.uid for pool in guarded.values())
        recent = self._looked_at is not None and now - self._looked_at < LOOK_SECONDS
        if (recent and uids == self._guarded and not self._troubles) or not may_write():
            return self._troubles
        self._looked_at, self._guarded = now, uids
        try:
            there = self._listed()
        except KubernetesError as error:
            self._troubles = dict.fromkeys(guarded, str(error))
            return self._troubles
        self._troubles = {}
        for pool in pools:  # one that is gone takes its budget along; one not understood keeps it
            body = budget(pool)
            path = BUDGETS.path(pool.metadata.namespace, body["metadata"]["name"])
            if not may_write():
                self._looked_at = None  # so that whoever leads again looks again
                return self._troubles
            try:
                self._settle(path, there.get(path), body if pool.key in guarded else None)
            except KubernetesError as error:
                self._troubles = {**self._troubles, pool.key: str(error)}
        return self._troubles

    def _settle(self, path: str, there: Object | None, wanted: Object | None) -> None:
        if wanted is None:
            if there is not None:
                self._client.delete(path, uid=there["metadata"]["uid"])
        elif there is None or any(there["spec"].get(k) != v for k, v in wanted["spec"].items()):
            self._client.apply(path, wanted, manager=MANAGER)

    def _listed(self) -> dict[str, Object]:
        return {
            BUDGETS.path(item["metadata"]["namespace"], item["metadata"]["name"]): item
            for namespace in self._namespaces or (None,)
            for item in self._client.get(BUDGETS.path(namespace), labelSelector=OURS).get("items")
            or ()
        }


def budget(pool: SFUPool) -> dict[str, Any]:
    """Return the disruption budget of a guarded pool."""
    metadata = pool.metadata
    return {
        "apiVersion": f"{BUDGETS.group}/{BUDGETS.version}",
        "kind": "PodDisruptionBudget",
        "metadata": {
            "name": f"meetscale-{metadata.name}",
            "namespace": metadata.namespace,
            "labels": {OURS: metadata.name},
            "ownerReferences": [
                {
                    "apiVersion": f"{GROUP}/{VERSION}",
                    "kind": SFUPool.__name__,
                    "name": metadata.name,
                    "uid": metadata.uid,
                }
            ],
        },
        "spec": {
            "maxUnavailable": 0,
            "selector": {
                "matchLabels": {POOL: metadata.name},
                "matchExpressions": [{"key": RELEASED, "operator": "DoesNotExist"}],
            },
        },
    }


def _is_guarded(pool: SFUPool) -> bool:
    deleted = pool.metadata.deletion_timestamp is not None
    return pool.spec.release.guard is Guard.DENY_UNLESS_RELEASED and not deleted
