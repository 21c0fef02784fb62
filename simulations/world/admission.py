"""Joins meet servers: who gets in, who is refused, who tries again, and whose meeting degrades."""

import math
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from simulations.world.meetings import Mix

_NOBODY = 1e-6
_EMPTIEST = 1.7
_LEFT_TO_ROOM = 0.35
"""Seats on the emptiest server, of the mean; and the share of seats left on a server that go to
those who wait for its rooms, not to new rooms. Both from single rooms (docs/validation.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLoad:
    """What one server carries, in participants.

    `rated` is its rating; `usable` what rooms leave of it (a room lives on one server); above
    `refusing` servers are full but for gaps that no room fits into, above `seats` altogether.
    """

    rated: float
    usable: float
    refusing: float

    @classmethod
    def of(cls, rated: float, *, mix: Mix, refuse_above: float) -> "ServerLoad":
        """Rate a server for a mix of meetings; `refuse_above` is a factor of the rating."""
        return cls(
            rated=rated,
            usable=rated - mix.packing_loss,
            refusing=rated * refuse_above - mix.packing_loss,
        )

    @property
    def seats(self) -> float:
        """Return how many one server takes before it refuses everybody."""
        return self.refusing + self.rated - self.usable

    def degraded(self, participants: float, servers: int) -> float:
        """Return the participants on servers above their rating, of all on `servers` ready ones.

        Rooms fill servers to within what packing leaves over, so loads are spread evenly over
        mean +- (rated - usable): degradation begins exactly where servers fall short of the
        required.
        """
        if servers == 0:
            return 0.0
        mean, spread = participants / servers, self.rated - self.usable
        if mean <= self.usable:
            return 0.0
        top = mean + spread
        if mean - spread >= self.rated or spread == 0.0:
            return participants
        share = (top**2 - self.rated**2) / (4.0 * spread * mean)
        return participants * share


@dataclass(slots=True)
class Joins:
    """Sums over time, in participants; nobody is lost.

    `attempted` = `served` + `blocked` + `failed`, and `blocked` + `failed` + `killed` = `retried` +
    `gave_up` + `ended` + those waiting or coming. Failed are joins that capacity did not refuse;
    killed are participants whose server went away under them, and they rejoin as retries.
    """

    attempted: float = 0.0
    served: float = 0.0
    blocked: float = 0.0
    failed: float = 0.0
    killed: float = 0.0
    retried: float = 0.0
    gave_up: float = 0.0
    ended: float = 0.0


@dataclass(slots=True)
class Admission:
    """The door of one pool, tick by tick.

    A new room opens on the emptiest server, and those of its people who find no seat there are
    refused. They are kept by how long ago they first tried: each tick they try again, on the server
    that holds their room, until they get in, lose patience (exponential), or their meeting is over.
    Those who gave up are still absent from the latent demand until then. People thrown out, and
    those whom a shut door kept out, have no room yet: they come like newcomers.
    """

    mix: Mix
    load: ServerLoad
    patience_ticks: float
    rejoin_ticks: int = 1
    sums: Joins = field(default_factory=Joins)
    waiting: float = 0.0
    coming: float = 0.0
    _absent: float = 0.0
    _roomless: float = 0.0
    _waiting: FloatArray = field(init=False)
    _gone: FloatArray = field(init=False)
    _herds: list[float] = field(init=False)
    _staying: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        stay = self.mix.stay
        self._waiting = np.zeros(stay.size)
        self._gone = np.zeros(stay.size)
        self._herds = [0.0] * self.rejoin_ticks
        self._staying = np.divide(
            stay[1:], stay[:-1], out=np.zeros(stay.size - 1), where=stay[:-1] > 0.0
        )

    def step(
        self,
        joins: float,
        latent: float,
        *,
        ready: int,
        draining: float,
        killed: float,
        most: float = math.inf,
        shut: bool = False,
    ) -> tuple[float, float]:
        """Let one tick's people in; return participants present at its end, and joins refused.

        `latent` are all who want to be in a meeting at its end, `draining` those on draining
        servers, `killed` those thrown out in this tick. Links carry `most` participants; `shut`
        lets nobody in, whatever the capacity.
        """
        if self._absent > 0.0:
            self._age()
        if killed > 0.0 or self.coming > 0.0:
            self._herd(killed)
        inside = max(latent - joins - self._absent - draining, 0.0)
        seats = max(ready * self.load.seats - inside, 0.0)
        free = max(min(seats, most - draining - inside), 0.0)
        left = self._emptiest(seats, ready)
        roomless = min(self._roomless, self.waiting)
        share = 0.0 if shut else self._share(joins + roomless, free, left)
        refused = joins * (1.0 - share)
        self.sums.attempted += joins
        self.sums.served += joins - refused
        if shut:
            self.sums.failed += refused
        else:
            self.sums.blocked += refused
        if self.waiting > 0.0 or refused > 0.0:
            again = roomless * share
            if not shut:
                taken = (joins + roomless) * share
                again += self._seated(self.waiting - roomless, free - taken, left, ready)
            self._retry(again / self.waiting if self.waiting > 0.0 else 0.0, refused)
            self._roomless = self.waiting if shut else 0.0
        return max(latent - self._absent, draining), refused

    def _emptiest(self, seats: float, ready: int) -> float:
        """Return how many of the `seats` left are on the emptiest server.

        Rooms fill servers up to their rating, so what is free beyond that is on few servers. Within
        it, the emptiest has somewhat more than the mean.
        """
        if ready == 0:
            return 0.0
        mean = seats / ready
        spare = max(mean - (self.load.seats - self.load.usable), 0.0)
        return min(_EMPTIEST * mean + ready * spare, self.load.seats)

    def _share(self, newcomers: float, free: float, left: float) -> float:
        """Return the share of newcomers who find a seat."""
        if newcomers <= 0.0:
            return 1.0
        return min(1.0 - self.mix.rooms.share_refused(left), free / newcomers)

    def _seated(self, bound: float, free: float, left: float, ready: int) -> float:
        """Return how many of those bound to a room get a seat that was left on its server.

        Rooms of which some wait are on as many servers as there are groups of them, or on all.
        """
        if bound <= 0.0 or ready == 0:
            return 0.0
        servers = min(bound / self.mix.rooms.group(left), float(ready))
        leaving = self.load.seats / self.mix.mean_stay * _LEFT_TO_ROOM
        return min(bound, max(free, 0.0), servers * leaving)

    def _herd(self, killed: float) -> None:
        """Send those thrown out to the door again, evenly over the ticks that clients take."""
        self.sums.killed += killed
        self._absent += killed
        self.coming += killed
        each = killed / self.rejoin_ticks
        self._herds = [waiting + each for waiting in self._herds]
        now = self._herds.pop(0)
        self._herds.append(0.0)
        self.coming = sum(self._herds)
        self._waiting[0] += now
        self.waiting += now
        self._roomless += now

    def _age(self) -> None:
        for cohort in (self._waiting, self._gone):
            cohort[1:] = cohort[:-1] * self._staying
            cohort[0] = 0.0
        before, self.waiting = self.waiting, float(np.sum(self._waiting))
        self.sums.ended += before - self.waiting
        self._absent = self.waiting + float(np.sum(self._gone)) + self.coming
        if self._absent < _NOBODY:
            self.sums.ended += self.waiting
            self._waiting[:] = 0.0
            self._gone[:] = 0.0
            self.waiting = self._absent = 0.0

    def _retry(self, share: float, blocked: float) -> None:
        """Admit a share of those waiting, let some of the rest give up, add the newly blocked."""
        admitted = self.waiting * share
        still = self._waiting * (1.0 - share)
        leaving = still * (1.0 - math.exp(-1.0 / self.patience_ticks))
        self._gone += leaving
        self._waiting = still - leaving
        self._waiting[0] += blocked
        left = float(np.sum(leaving))
        self.sums.retried += admitted
        self.sums.gave_up += left
        self.waiting += blocked - admitted - left
        self._absent += blocked - admitted
