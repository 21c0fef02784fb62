"""A pool's servers one by one: looked at only while some of them are to go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from autoscaler.planner.emptying import Spells
from autoscaler.resources.sfupool import SFUPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """The pod that a server runs in. `guardable`: it carries the label that the guard looks for.

    `told_at` is since when its label says that it may go, epoch seconds (None: it has none);
    `by_hand`: a person put it there. `revision` is opaque: a change carries it, so that it fails
    when anything changed since.
    """

    name: str
    uid: str
    revision: str
    address: str
    created: int
    placed: bool
    ready: bool
    leaving: bool
    told_at: int | None
    by_hand: bool
    guardable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What a scrape target says it holds, and whose it is: a pod's by name, else by address."""

    pod: str
    namespace: str
    address: str
    rooms: float
    participants: float
    seen_at: int


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Every fresh target of a pool, and how its servers became empty in the last hours."""

    seats: tuple[Seat, ...] = ()
    spells: Spells = field(default_factory=Spells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One pod to label as released at a moment, or (None) to have its label taken."""

    pod: Pod
    at: int | None


class Servers(Protocol):
    """The pods of a pool."""

    def list(self, pool: SFUPool) -> Sequence[Pod]:
        """List those that `server.selector` selects. Raises KubernetesError."""
        ...

    def mark(
        self, pool: SFUPool, marks: Sequence[Mark], *, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        """Label pods, and say of each by name why it was not done (empty: it was). Never raises."""
        ...

    def protect(
        self, pools: Sequence[SFUPool], *, now: int, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        """Keep evictions from servers of guarded pools that were not released, and from no others.

        Return by `namespace/name` why a pool is not protected. Never raises.
        """
        ...


class OccupancySource(Protocol):
    """Who is on which server."""

    def occupancy(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Occupancy]:
        """Read it by `namespace/name`. Never raises: a pool that is not known has no seats."""
        ...
