"""The resources that a plan is made for, with what is assumed where no cluster can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from autoscaler.capacity.shape import MediaMix
from autoscaler.errors import SpecError
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import Part
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.kinds import KINDS
from autoscaler.resources.load import load_documents, unpacked
from autoscaler.resources.overrides import override
from autoscaler.resources.sfupool import SFUPool

_Servers = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
_Amount = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]

_GROUPS = {
    "SFUPool": "pools",
    "EgressLink": "links",
    "DemandEvent": "events",
    "CapacityPlan": "plans",
}


class AssumedInventory(Part):
    """Servers taken to be there."""

    ready: _Servers
    pending: _Servers = 0


class AssumedMix(Part):
    """What one participant is taken to ask of a server; 0: not known, never binding."""

    egress_mbps: _Amount = 0.0
    packets_per_second: _Amount = 0.0
    cores: _Amount = 0.0
    largest_room: _Amount = 0.0


class PlannedPool(SFUPool):
    """A pool with what a cluster would tell of it; both stand beside `spec`."""

    inventory: AssumedInventory | None = None
    mix: AssumedMix | None = None

    @property
    def media_mix(self) -> MediaMix:
        """What one participant asks of a server, as far as it is assumed."""
        mix = self.mix or AssumedMix()
        return MediaMix(
            egress_mbps=mix.egress_mbps,
            packets_per_second=mix.packets_per_second,
            cores=mix.cores,
            largest_room=mix.largest_room,
        )


_KINDS = {kind.__name__: kind for kind in KINDS} | {"SFUPool": PlannedPool}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Resources as their owners wrote them, in the order of the text."""

    pools: tuple[PlannedPool, ...]
    links: tuple[EgressLink, ...] = ()
    events: tuple[DemandEvent, ...] = ()
    plans: tuple[CapacityPlan, ...] = ()


def read_world(text: str, *, source: str, assignments: Sequence[str] = ()) -> World:
    """Read the resources of a YAML text, with each `path=value` applied to them.

    A path begins with `pools`, `links`, `events` or `plans` and an object's name, as in
    `pools.eu-west-1.spec.maxReplicas=900`; the resources' own models judge the result. Raises
    SpecError, also where there is no pool.
    """
    documents = list(unpacked(text, source=source))
    load_documents(documents, source=source, kinds=_KINDS)  # what the file itself has wrong
    grouped: dict[str, list[Any]] = {group: [] for group in _GROUPS.values()}
    for document in documents:
        assert isinstance(document, Mapping)
        grouped[_GROUPS[str(document["kind"])]].append(document)
    _check_paths(assignments, grouped)
    changed, _ = override(grouped, assignments)
    resources = load_documents(
        [document for group in changed.values() for document in group],
        source=f"{source} with --set" if assignments else source,
        kinds=_KINDS,
    )
    world = World(
        pools=tuple(each for each in resources if isinstance(each, PlannedPool)),
        links=tuple(each for each in resources if isinstance(each, EgressLink)),
        events=tuple(each for each in resources if isinstance(each, DemandEvent)),
        plans=tuple(each for each in resources if isinstance(each, CapacityPlan)),
    )
    if not world.pools:
        raise SpecError(f"{source}: holds no SFUPool: a plan is made for one at least")
    return world


def _check_paths(assignments: Sequence[str], grouped: Mapping[str, Sequence[object]]) -> None:
    for assignment in assignments:
        path = assignment.partition("=")[0].split(".")
        there = [group for group, documents in grouped.items() if documents]
        if len(path) < 3 or path[0] not in there:
            raise SpecError(
                f"--set {assignment!r}: must begin with {' or '.join(there)} and a name, "
                "like pools.NAME.spec.maxReplicas=900"
            )
