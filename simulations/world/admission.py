"""Joins meet servers: who gets in, who is refused, who tries again, and whose meeting degrades."""

import math
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from simulations.world.meetings import Mix

_NOBODY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLoad:
    """What one server carries, in participants.

    `rated` is its rating; `usable` what rooms leave of it (a room lives on one server); above
    `refusing` no ready server may take another join.
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

    People who were refused are kept by how long ago they first tried: each tick they try again, in
    no order of precedence over first attempts, until they get in, lose patience (exponential), or
    their meeting is over. Those who gave up are still absent from the latent demand until then.
    """

    mix: Mix
    load: ServerLoad
    patience_ticks: float
    rejoin_ticks: int = 1
    sums: Joins = field(default_factory=Joins)
    waiting: float = 0.0
    coming: float = 0.0
    _absent: float = 0.0
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
        free = max(min(ready * self.load.refusing, most - draining) - inside, 0.0)
        wanting = joins + self.waiting
        share = 1.0 if wanting <= free else free / wanting
        if shut:
            share = 0.0
        refused = joins * (1.0 - share)
        self.sums.attempted += joins
        self.sums.served += joins - refused
        if shut:
            self.sums.failed += refused
        else:
            self.sums.blocked += refused
        if self.waiting > 0.0 or refused > 0.0:
            self._retry(share, refused)
        return max(latent - self._absent, draining), refused

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
