"""Whether fewer servers can be asked for without ending meetings, by the target's settings. Pure.

Each refusal says what to do. They are looked at before every release: a rollout begins at any time.
"""

import re

from autoscaler.kube.discovery import Kind
from autoscaler.kube.fields import Object, as_number, read
from autoscaler.ports.fleet import Refusal, RefusalCode
from autoscaler.resources.policy import Guard
from autoscaler.resources.sfupool import SFUPool

NODE_POOLS = Kind("karpenter.sh", "v1", "nodepools")
DEFAULT_GRACE_SECONDS = 30
"""A pod's, where its template says nothing."""
_POD = "/spec/template/spec"
_NODE_POOL = f"{_POD}/nodeSelector/karpenter.sh~1nodepool"
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}


def node_pool_of(workload: Object) -> str | None:
    """Return the Karpenter NodePool that a workload's pods ask for; None where they name none."""
    name = read(workload, _NODE_POOL)
    return name if isinstance(name, str) else None


def unsafe(
    pool: SFUPool, *, target: Object, workload: Object | None, node_pool: Object | None
) -> Refusal | None:
    """Return why a release would end meetings, None when nothing is known that would.

    `workload` makes the pool's pods, `node_pool` the nodes that they ask for.
    """
    static = pool.spec.target is not None and _is_node_pool(pool)
    return (
        (_unguarded(pool) if static else None)
        or (None if workload is None else _rolling(workload) or _short_lived(pool, workload))
        or _short_nodes(pool, target if static else node_pool)
    )


def caution(pool: SFUPool, *, target: Object, node_pool: Object | None) -> str:
    """Return what else ends meetings, now or later (empty: nothing that is known)."""
    nodes = target if _is_node_pool(pool) else node_pool
    expires = None if nodes is None else _seconds(read(nodes, f"{_POD}/expireAfter"))
    if nodes is None or expires is None:
        return ""
    return (
        f"nodes of NodePool {_name(nodes)} expire after {expires / 3600:g} h, whoever is on them: "
        "set expireAfter to Never"
    )


def _is_node_pool(pool: SFUPool) -> bool:
    target = pool.spec.target
    return target is not None and (target.group, target.resource) == (
        NODE_POOLS.group,
        NODE_POOLS.resource,
    )


def _unguarded(pool: SFUPool) -> Refusal | None:
    if pool.spec.release.guard is Guard.DENY_UNLESS_RELEASED:
        return None
    message = (
        "a static NodePool begins to delete occupied nodes and cannot be stopped: "
        "set release.guard to DenyUnlessReleased"
    )
    return Refusal(RefusalCode.STATIC_NODES_UNGUARDED, message)


def _rolling(workload: Object) -> Refusal | None:
    metadata, status = workload["metadata"], workload.get("status", {})
    observed = as_number(status.get("observedGeneration"))
    unseen = observed is not None and observed < metadata.get("generation", 0)
    # Both counts are left out while they are 0, and by kinds that have no rollouts.
    replicas, updated = (as_number(status.get(n)) for n in ("replicas", "updatedReplicas"))
    rolls = "strategy" in workload["spec"] or "updateStrategy" in workload["spec"]
    if not unseen and not (rolls and (updated or 0) < (replicas or 0)):
        return None
    message = (
        f"{_name(workload)} is being rolled out ({updated or 0} of {replicas or 0} servers are "
        "new), which chooses victims of its own: wait for it, or undo it"
    )
    return Refusal(RefusalCode.ROLLOUT_IN_PROGRESS, message)


def _short_lived(pool: SFUPool, workload: Object) -> Refusal | None:
    if read(workload, f"{_POD}/containers") is None:  # it makes something else than pods
        return None
    wanted = pool.spec.server.termination_grace_period_seconds
    seconds = as_number(read(workload, f"{_POD}/terminationGracePeriodSeconds"))
    given = DEFAULT_GRACE_SECONDS if seconds is None else seconds
    if given >= wanted:
        return None
    message = (
        f"pods of {_name(workload)} are ended {given} s after they were deleted, "
        f"server.terminationGracePeriodSeconds is {wanted}: raise theirs, or lower that"
    )
    return Refusal(RefusalCode.GRACE_PERIOD_TOO_SHORT, message)


def _short_nodes(pool: SFUPool, nodes: Object | None) -> Refusal | None:
    wanted = pool.spec.server.termination_grace_period_seconds
    given = None if nodes is None else _seconds(read(nodes, f"{_POD}/terminationGracePeriod"))
    if nodes is None or given is None or given >= wanted:
        return None
    message = (
        f"nodes of NodePool {_name(nodes)} are ended {given:g} s after they begin to drain, "
        f"whatever budgets say, server.terminationGracePeriodSeconds is {wanted}: "
        "raise terminationGracePeriod, or leave it out"
    )
    return Refusal(RefusalCode.GRACE_PERIOD_TOO_SHORT, message)


def _name(body: Object) -> str:
    return str(body["metadata"]["name"])


def _seconds(duration: object) -> float | None:
    """Return a duration as Karpenter writes it (`1h30m`); None for Never, and for no duration."""
    if not isinstance(duration, str):
        return None
    parts = re.findall(r"([0-9.]+)(h|m|s)", duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts) if parts else None
