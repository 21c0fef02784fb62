"""Everything that was listed around the pools' targets, and how one finds it there. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autoscaler.kube.discovery import Kind
from autoscaler.kube.drains import NODE_POOLS, node_pool_of
from autoscaler.kube.fields import Object, read
from autoscaler.kube.lister import Listed
from autoscaler.kube.preflight import rivals
from autoscaler.planner.settings import ReleasePolicy, Semantics
from autoscaler.resources.common import ObjectReference
from autoscaler.resources.sfupool import SFUPool
from autoscaler.resources.target import Target

HPA = Kind("autoscaling", "v2", "horizontalpodautoscalers")
SCALING = (("autoscaling", "horizontalpodautoscalers"), ("keda.sh", "scaledobjects"))
"""Group and resource of what sizes another object, the one that `spec.scaleTargetRef` names."""

KindName = tuple[str, str]
"""An apiVersion and a kind, as references inside Kubernetes name what they mean."""


class Sized(NamedTuple):
    """An object that an HPA sizes; its version does not matter, any of them is the same object."""

    namespace: str
    group: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One tick's lists. `rivals` says which pool has the target of another, by the other's key."""

    listed: Listed
    scaled_kinds: Mapping[KindName, Kind]
    sizers: Mapping[Sized, Sequence[str]]
    rivals: Mapping[str, str]

    def scaled(self, pool: SFUPool, target: Target, body: Object) -> Object | None:
        """Return what an HPA or ScaledObject target sizes; None where it is not there."""
        if not sizes_another(target):
            return None
        return _scaled(pool, body, self.listed, self.scaled_kinds)

    def node_pool(self, workload: Object) -> Object | None:
        """Return the NodePool that a workload's pods ask for, where it was listed."""
        name = node_pool_of(workload)
        return None if name is None else self.listed.get(NODE_POOLS, namespace="", name=name)

    def scalers(self, pool: SFUPool, target: Target) -> tuple[str, ...]:
        """Return the names of the HPAs that size this very target."""
        served = self.listed.served.get(kind_of(target))
        if served is None:
            return ()
        sized = Sized(pool.metadata.namespace, target.group, served.name, target.name)
        return tuple(self.sizers.get(sized, ()))


def kind_of(reference: ObjectReference) -> Kind:
    """Return the kind that a reference of ours names."""
    return Kind(reference.group, reference.version, reference.resource)


def sizes_another(target: Target) -> bool:
    """Say whether the target is an autoscaler, whose number is not its own size."""
    return (target.group, target.resource) in SCALING


def path_of(reference: ObjectReference, pool: SFUPool, listed: Listed) -> str:
    """Return where the object that a pool names is served."""
    namespace = pool.metadata.namespace
    return listed.path(kind_of(reference), namespace=namespace, name=reference.name)


def find(reference: ObjectReference, pool: SFUPool, listed: Listed) -> Object | None:
    """Return the object that a pool names; None where there is none."""
    return listed.objects.get(path_of(reference, pool, listed))


def workload_of(
    pool: SFUPool, listed: Listed, scaled_kinds: Mapping[KindName, Kind]
) -> Object | None:
    """Return what makes the pool's pods: its workload, what its HPA scales, or its target."""
    target, named = pool.spec.target, pool.spec.server.workload
    if named is not None:
        return find(named, pool, listed)
    body = None if target is None else find(target, pool, listed)
    if target is None or body is None or not sizes_another(target):
        return body
    return _scaled(pool, body, listed, scaled_kinds)


def releasing_kinds(
    pools: Iterable[SFUPool], listed: Listed, scaled_kinds: Mapping[KindName, Kind]
) -> set[Kind]:
    """Return what else must be listed to know whether a release is safe: nodes have limits too."""
    for pool in pools:
        if pool.spec.release.policy is not ReleasePolicy.NEVER:
            workload = workload_of(pool, listed, scaled_kinds)
            if workload is not None and node_pool_of(workload) is not None:
                return {NODE_POOLS}
    return set()


def named_kinds(pools: Iterable[SFUPool]) -> set[Kind]:
    """Return the kinds to list: targets, workloads, and HPAs where a size could be contested."""
    kinds: set[Kind] = set()
    for pool in pools:
        target, workload = pool.spec.target, pool.spec.server.workload
        if target is not None:
            kinds.add(kind_of(target))
            if target.semantics is Semantics.SIZE:
                kinds.add(HPA)
        if workload is not None:
            kinds.add(kind_of(workload))
    return kinds


def scaled_references(pools: Iterable[SFUPool], listed: Listed) -> set[KindName]:
    """Return the kinds, by apiVersion and name, of what the pools' HPAs and ScaledObjects size."""
    found: set[KindName] = set()
    for pool in pools:
        target = pool.spec.target
        if target is not None and sizes_another(target):
            body = find(target, pool, listed)
            if body is not None:
                found.add(_scale_target(body)[0])
    return found


def make_world(
    pools: Sequence[SFUPool],
    listed: Listed,
    *,
    scaled_kinds: Mapping[KindName, Kind],
    created: Mapping[str, str],
) -> World:
    """Return the world as listed; `created` are the pools' creationTimestamps by uid."""
    return World(
        listed=listed,
        scaled_kinds=scaled_kinds,
        sizers=_sizers(listed),
        rivals=rivals(
            (path_of(pool.spec.target, pool, listed), created[pool.metadata.uid], pool)
            for pool in pools
            if pool.spec.target is not None
        ),
    )


def _scaled(
    pool: SFUPool, sizer: Object, listed: Listed, scaled_kinds: Mapping[KindName, Kind]
) -> Object | None:
    (api_version, kind), name = _scale_target(sizer)
    found = scaled_kinds.get((api_version, kind))
    if found is None:
        return None
    return listed.get(found, namespace=pool.metadata.namespace, name=name)


def _sizers(listed: Listed) -> Mapping[Sized, Sequence[str]]:
    sizers: defaultdict[Sized, list[str]] = defaultdict(list)
    for path, body in listed.objects.items():
        if path.startswith(HPA.root) and f"/{HPA.resource}/" in path:
            (api_version, kind), name = _scale_target(body)
            metadata = body["metadata"]
            sized = Sized(metadata["namespace"], api_version.rpartition("/")[0], kind, name)
            sizers[sized].append(metadata["name"])
    return sizers


def _scale_target(body: Object) -> tuple[KindName, str]:
    """KEDA leaves out apiVersion and kind where it means a Deployment."""
    reference = read(body, "/spec/scaleTargetRef") or {}
    api_version = reference.get("apiVersion") or "apps/v1"
    return (api_version, reference.get("kind") or "Deployment"), reference.get("name", "")
