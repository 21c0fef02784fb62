"""The `Fleet` port on a Kubernetes API server."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from autoscaler.errors import KubernetesError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Discovery
from autoscaler.kube.fields import Object
from autoscaler.kube.lister import Listed, Lister
from autoscaler.kube.parsing import Parser
from autoscaler.kube.snapshot import snapshot
from autoscaler.kube.targets import TargetWriter
from autoscaler.kube.world import (
    World,
    make_world,
    named_kinds,
    releasing_kinds,
    scaled_references,
)
from autoscaler.ports.fleet import FleetSnapshot, Outcome, Write, WriteResult
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool

POOLS = SFUPool.names.plural
SLOW = (EgressLink.names.plural, DemandEvent.names.plural, CapacityPlan.names.plural)
SLOW_SECONDS = 30
"""Links, events and plans change by hand: a look every half minute is soon enough."""
WRITERS = 8


class KubeFleet:
    """Lists our own kinds, and each kind of target and workload that they name, once a tick."""

    def __init__(
        self,
        client: KubeClient,
        *,
        namespaces: Sequence[str] = (),
        slow_seconds: int = SLOW_SECONDS,
    ) -> None:
        self._discovery = Discovery(client)
        self._lister = Lister(client, self._discovery, namespaces=namespaces)
        self._writer = TargetWriter(client, self._discovery)
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._pools, self._links = Parser(SFUPool), Parser(EgressLink)
        self._events, self._plans = Parser(DemandEvent), Parser(CapacityPlan)
        self._slow_seconds = slow_seconds
        self._slow: Mapping[str, Sequence[Object]] = {}
        self._slow_at: int | None = None

    def observe(self, *, now: int) -> FleetSnapshot:
        """List everything. Raises KubernetesError without a list: then there is no tick."""
        own = self._own(now=now)
        pools, bad_pools = self._pools.parse(own[POOLS])
        links, bad_links = self._links.parse(own[EgressLink.names.plural])
        events, bad_events = self._events.parse(own[DemandEvent.names.plural])
        plans, bad_plans = self._plans.parse(own[CapacityPlan.names.plural])
        world = self._world(pools, own[POOLS])
        return FleetSnapshot(
            pools=tuple(snapshot(pool, world) for pool in pools),
            links=links,
            events=events,
            plans=plans,
            invalid=(*bad_pools, *bad_links, *bad_events, *bad_plans),
        )

    def write(
        self, writes: Sequence[Write], *, may_write: Callable[[], bool]
    ) -> Sequence[WriteResult]:
        """Write each number, unless its pool or target changed since it was read."""
        try:
            current = {_version(item) for item in self._lister.own(POOLS)}
        except KubernetesError as error:
            return [WriteResult(write, Outcome.FAILED, str(error)) for write in writes]

        def one(write: Write) -> WriteResult:
            metadata = write.pool.resource.metadata
            if (metadata.uid, metadata.generation) not in current:
                return WriteResult(write, Outcome.CHANGED, "the pool changed since it was read")
            return self._writer.write(write, may_write=may_write)

        return list(self._threads.map(one, writes))

    def close(self) -> None:
        """End the threads."""
        self._lister.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _own(self, *, now: int) -> Mapping[str, Sequence[Object]]:
        due = self._slow_at is None or now - self._slow_at >= self._slow_seconds
        listed = self._lister.together((POOLS, *SLOW) if due else (POOLS,))
        if due:
            self._slow, self._slow_at = {name: listed[name] for name in SLOW}, now
        return {**self._slow, **listed}

    def _world(self, pools: Sequence[SFUPool], items: Sequence[Object]) -> World:
        listed = Listed()
        self._lister.add(listed, named_kinds(pools))
        references = scaled_references(pools, listed)
        kinds = {name: self._discovery.named(*name) for name in references}
        scaled = {name: served.kind for name, served in kinds.items() if served is not None}
        self._lister.add(listed, scaled.values())
        self._lister.add(listed, releasing_kinds(pools, listed, scaled))
        created = {item["metadata"]["uid"]: item["metadata"]["creationTimestamp"] for item in items}
        return make_world(pools, listed, scaled_kinds=scaled, created=created)


def _version(item: Object) -> tuple[str, int]:
    return item["metadata"]["uid"], item["metadata"]["generation"]
