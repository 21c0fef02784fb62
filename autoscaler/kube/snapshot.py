"""From lists to one snapshot per pool: its target, its servers, and what forbids to write. Pure."""

from autoscaler.kube.drains import caution, unsafe
from autoscaler.kube.fields import MANAGER, Object, Owner, as_number, owners, read, shared
from autoscaler.kube.inventory import server_counts
from autoscaler.kube.preflight import Sight, field_of, preflight
from autoscaler.kube.world import HPA, World, find, kind_of, sizes_another, workload_of
from autoscaler.planner.settings import Semantics
from autoscaler.ports.fleet import (
    PoolSnapshot,
    Refusal,
    RefusalCode,
    ServerCounts,
    TargetSnapshot,
)
from autoscaler.resources.sfupool import SFUPool
from autoscaler.resources.target import Target

BUFFERS = ("autoscaling.x-k8s.io", "capacitybuffers")
MIN_SIZE = "/metadata/annotations/cluster.x-k8s.io~1cluster-api-autoscaler-node-group-min-size"
MAXIMA = {
    "/spec/minReplicas": "/spec/maxReplicas",
    "/spec/minReplicaCount": "/spec/maxReplicaCount",
    MIN_SIZE: MIN_SIZE.replace("min-size", "max-size"),
}
"""Where a target keeps the most it allows, by the field that is written."""


def snapshot(pool: SFUPool, world: World) -> PoolSnapshot:
    """Return one pool's snapshot."""
    target = pool.spec.target
    if target is None:
        counts = _own_workload(pool, world)
        return PoolSnapshot(key=pool.key, resource=pool, target=None, counts=counts)
    body = find(target, pool, world.listed)
    if body is None:
        return PoolSnapshot(
            key=pool.key,
            resource=pool,
            target=None,
            counts=_own_workload(pool, world),
            refusal=_absent(target, world),
        )
    scaled = world.scaled(pool, target, body)
    counts = _counts(pool, target, body, scaled, world)
    sight = Sight(
        object=body,
        scalers=world.scalers(pool, target),
        scaled=scaled,
        rival=world.rivals.get(pool.key),
    )
    workload = workload_of(pool, world.listed, world.scaled_kinds)
    node_pool = None if workload is None else world.node_pool(workload)
    return PoolSnapshot(
        key=pool.key,
        resource=pool,
        target=target_snapshot(target, body),
        counts=counts,
        refusal=preflight(pool, target, sight)
        or _unsure(target, world)
        or (_uncounted(pool, target, world) if counts is None else None),
        unsafe=unsafe(pool, target=body, workload=workload, node_pool=node_pool),
        caution=caution(pool, target=body, node_pool=node_pool),
    )


def target_snapshot(target: Target, body: Object) -> TargetSnapshot:
    """Return what a target holds."""
    path, metadata = field_of(target), body["metadata"]
    maximum = MAXIMA.get(path)
    return TargetSnapshot(
        uid=metadata["uid"],
        revision=metadata["resourceVersion"],
        value=as_number(read(body, path)),
        maximum=None if maximum is None else as_number(read(body, maximum)),
        ours=Owner(MANAGER, declares=True) in owners(body, path),
        shared=shared(body, path),
    )


def _counts(
    pool: SFUPool, target: Target, body: Object, scaled: Object | None, world: World
) -> ServerCounts | None:
    """Return the servers there are; None where nothing counts them.

    A workload that the pool names counts servers; one that follows from the target counts its
    replicas.
    """
    if pool.spec.server.workload is not None:
        return _own_workload(pool, world)
    each = target.servers_per_replica
    if sizes_another(target):
        return None if scaled is None else server_counts(scaled, servers_per_replica=each)
    if (target.group, target.resource) == BUFFERS:
        return None
    return server_counts(body, servers_per_replica=each)


def _own_workload(pool: SFUPool, world: World) -> ServerCounts | None:
    workload = pool.spec.server.workload
    body = None if workload is None else find(workload, pool, world.listed)
    return None if body is None else server_counts(body, servers_per_replica=1)


def _unsure(target: Target, world: World) -> Refusal | None:
    """Refuse a size while it cannot be known whether an HPA sizes the target too."""
    why = world.listed.unread.get(HPA)
    if target.semantics is not Semantics.SIZE or why is None:
        return None
    return Refusal(RefusalCode.UNREADABLE, why)


def _absent(target: Target, world: World) -> Refusal:
    kind = kind_of(target)
    if kind in world.listed.unread:
        return Refusal(RefusalCode.UNREADABLE, world.listed.unread[kind])
    where = f"{target.resource}/{target.name}"
    message = f"there is no {where} in the pool's namespace: create it, or correct target"
    if kind in world.listed.unserved:
        message = f"the cluster serves no {kind} in version {kind.version}: correct target"
    return Refusal(RefusalCode.TARGET_NOT_FOUND, message)


def _uncounted(pool: SFUPool, target: Target, world: World) -> Refusal:
    workload = pool.spec.server.workload
    if workload is None:
        message = f"a {target.resource} target does not count servers: set server.workload"
        return Refusal(RefusalCode.WORKLOAD_UNKNOWN, message)
    unread = world.listed.unread.get(kind_of(workload))
    if unread is not None:
        return Refusal(RefusalCode.UNREADABLE, unread)
    message = f"server.workload: there is no {workload.resource}/{workload.name}: correct it"
    return Refusal(RefusalCode.WORKLOAD_UNKNOWN, message)
