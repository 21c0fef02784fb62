"""One pool's servers under one policy: ordered, pending, ready, draining, gone."""

from dataclasses import dataclass
from typing import NamedTuple

from simulations.policy import Removal
from simulations.world.draining import Draining
from simulations.world.launches import Launches
from simulations.world.market import Loss


class Load(NamedTuple):
    """What is on the ready servers: participants, rooms, and servers with at least one room."""

    participants: float
    rooms: float
    occupied: int


@dataclass(slots=True)
class OrderedFleet:
    """Servers that follow a policy's orders.

    At any time `ordered` = `ready` + pending + `failed` + `released` + `lost`; draining servers are
    released or lost ones that are still there and paid for.
    """

    launches: Launches
    draining: Draining
    removal: Removal
    least: int
    most: int
    ready: int
    size: int = 0
    ordered: int = 0
    failed: int = 0
    released: int = 0
    lost: int = 0

    def __post_init__(self) -> None:
        self.size = self.ordered = self.ready

    @property
    def pending(self) -> int:
        """Ordered and not serving yet."""
        return self.launches.pending

    def order(self, size: int, load: Load, tick: int) -> int:
        """Take a new size, within the pool's bounds; return how many servers were released for it.

        Where only empty servers may go, the size never falls below what is occupied.
        """
        self.size = min(max(size, self.least), self.most)
        surplus = self.ready + self.pending - self.size
        if surplus <= 0:
            return 0
        released = self.launches.cancel(surplus)
        removable = max(self.ready - load.occupied, 0)
        if self.removal is Removal.REPLICA_SET:
            removable = self.ready
        victims = min(surplus - released, removable)
        if victims:
            if self.removal is Removal.REPLICA_SET:
                self._drain(victims, load, tick)
            self.ready -= victims
            self.launches.restock(victims)
            released += victims
        self.released += released
        self.size = self.ready + self.pending
        return released

    def lose(self, loss: Loss, load: Load, tick: int) -> int:
        """Take servers away that nobody released; return how many. What is missing is reordered."""
        victims = round(self.ready * loss.share)
        if victims:
            self._drain(victims, load, tick, notice_ticks=loss.notice_ticks)
            self.ready -= victims
            self.lost += victims
        return victims

    def advance(self, tick: int) -> None:
        """Let boots finish, order what failed again, and launch what the supplier allows."""
        missing = self.size - self.ready - self.pending
        if missing > 0:
            self.launches.order(missing)
            self.ordered += missing
        in_use = self.ready + int(self.draining.servers[tick])
        served, failed = self.launches.advance(tick, in_use=in_use)
        self.ready += served
        self.failed += failed

    def _drain(
        self, victims: int, load: Load, tick: int, *, notice_ticks: int | None = None
    ) -> None:
        share = victims / self.ready
        self.draining.add(
            victims,
            rooms=load.rooms * share,
            participants=load.participants * share,
            tick=tick,
            notice_ticks=notice_ticks,
        )

    def paid(self, tick: int) -> int:
        """Return servers that cost money during this tick."""
        return self.ready + self.launches.booting + int(self.draining.servers[tick])
