"""Servers told to go while they hold meetings: how they empty, and what is killed in the end."""

from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from simulations.world.meetings import Mix


@dataclass(frozen=True, slots=True)
class Killed:
    """Meetings that a grace period ended after a release, or a fault; participants of both."""

    rooms: float = 0.0
    lost: float = 0.0
    participants: float = 0.0


_NONE = Killed()


@dataclass(slots=True)
class Draining:
    """One pool's draining servers by tick: laid out ahead when they are told, then only read.

    Fluid: rooms in progress end as residual lengths do, and a server goes with its last room, or at
    the end of the grace period, whichever comes first.
    """

    mix: Mix
    grace_ticks: int
    ticks: int
    servers: FloatArray = field(init=False)
    participants: FloatArray = field(init=False)
    _killed: dict[int, Killed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        longest = self.ticks + self.mix.room_rest.size + 1
        self.servers = np.zeros(longest)
        self.participants = np.zeros(longest)

    def add(
        self,
        servers: int,
        *,
        rooms: float,
        participants: float,
        tick: int,
        notice_ticks: int | None = None,
    ) -> None:
        """Drain so many servers from `tick` on; `rooms` and `participants` are on all of them.

        `notice_ticks` is what a fault leaves them in place of the grace period.
        """
        rest, lost = self.mix.room_rest, notice_ticks is not None
        grace = self.grace_ticks if notice_ticks is None else notice_ticks
        span = min(grace, rest.size)
        if span > 0 and rooms > 0.0:
            per_server = max(rooms / servers, 1.0)
            holding = 1.0 - (1.0 - rest[:span]) ** per_server
            # servers without a room go at once; the others by the expected count that still hold
            # one
            occupied = min(float(servers), rooms)
            self.servers[tick : tick + span] += np.ceil(np.round(occupied * holding, 6))
            self.participants[tick : tick + span] += participants * self.mix.participant_rest[:span]
        if grace < rest.size:
            before = self._killed.get(tick + span, _NONE)
            ended = rooms * float(rest[span])
            self._killed[tick + span] = Killed(
                rooms=before.rooms + (0.0 if lost else ended),
                lost=before.lost + (ended if lost else 0.0),
                participants=before.participants
                + participants * float(self.mix.participant_rest[span]),
            )

    def killed(self, tick: int) -> Killed:
        """Return what ends by force at this tick."""
        return self._killed.get(tick, _NONE)
