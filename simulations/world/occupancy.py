"""Which servers hold a meeting: rooms go to the fullest server they fit on."""

import math

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.world.meetings import Mix

_LEFT_WHEN_STARVED = 0.5
"""A server that others overtake in being full is half full on average when its last room came."""
_SMOOTHED_OVER = 0.2
"""Of a mean stay: chance moves load up and down faster than rooms wander between servers."""

_TAPE = 8
"""So many times as long as the longest meeting is the tape on which those behind grow older."""


class Occupancy:
    """Servers of one pool that hold a room: those that get new ones, and those that empty.

    Fluid. What is on servers that get no new room any more decays as residual lengths do, and the
    rest of the load keeps as many others supplied. When load falls, the ones behind are starved,
    and each is empty with the last of its rooms; when it rises, the ones starved last come back
    first. Costs what the longest meeting has ticks, however many servers there are.
    """

    def __init__(self, mix: Mix, *, rooms_per_server: float) -> None:
        rooms = max(rooms_per_server * _LEFT_WHEN_STARVED, 1.0)
        # by ticks since the last new room: the share of a full server's load, and of servers, left
        self._left = np.array([mix.participant_rest, 1.0 - (1.0 - mix.room_rest) ** rooms])
        self._room = 1.0 - self._left[0]
        self._rest = np.empty_like(self._left)
        # the newest come first: a window that moves to the left over a tape, which is long enough
        # to be wound back seldom
        self._tape = np.zeros(_TAPE * mix.room_rest.size)
        self._starved = self._tape[-mix.room_rest.size :]
        self._at = self._tape.size - mix.room_rest.size
        self._weight = 1.0 / max(1.0, _SMOOTHED_OVER * mix.mean_stay)
        self._supplied: float | None = None
        self._load = 0.0

    def advance(self, servers_full: float) -> int:
        """Let a tick pass under a load in units of one full server; return how many hold a room."""
        if self._supplied is None:
            self._supplied = self._load = servers_full
        self._load += (servers_full - self._load) * self._weight
        starved = self._age()
        np.multiply(self._left, starved, out=self._rest)
        on_starved, holding = np.add.reduce(self._rest, axis=1).tolist()
        change = max(self._load - on_starved, 0.0) - self._supplied
        if change < 0.0:
            starved[0] = -change
            self._supplied += change
            holding -= change
        elif change > 0.0:
            holding -= self._supply_again(change)
        occupied: int = math.ceil(round(self._supplied + holding, 6))
        return max(occupied, int(servers_full))

    def _age(self) -> FloatArray:
        """Let those behind grow older by a tick, with nobody new among them."""
        size = self._starved.size
        if self._at == 0:
            self._at = self._tape.size - size
            self._tape[self._at :] = self._starved
        self._at -= 1
        self._starved = self._tape[self._at : self._at + size]
        self._starved[0] = 0.0
        return self._starved

    def remove_blindly(self, share: float) -> None:
        """Take away a share of the servers without regard to their rooms."""
        self._starved *= 1.0 - share
        self._load *= 1.0 - share
        if self._supplied is not None:
            self._supplied *= 1.0 - share

    def _supply_again(self, need: float) -> float:
        """Place new rooms worth `need` servers; return how many that were emptying they are on."""
        assert self._supplied is not None
        room = np.add.accumulate(self._starved * self._room)
        whole = int(room.searchsorted(need))
        back = self._starved[:whole].copy()
        self._starved[:whole] = 0.0
        again = float(np.add.reduce(back))
        held = float(np.add.reduce(back * self._left[1, :whole]))
        missing = need - (float(room[whole - 1]) if whole else 0.0)
        if whole < self._starved.size:
            part = missing / (1.0 - float(self._left[0, whole]))
            self._starved[whole] -= part
            again += part
            held += part * float(self._left[1, whole])
        else:
            again += missing
        self._supplied += again
        return held


def occupied_path(servers_full: FloatArray, mix: Mix, *, rooms_per_server: float) -> IntArray:
    """Return how many servers a load path (in servers' worth, by tick) keeps occupied."""
    occupancy = Occupancy(mix, rooms_per_server=rooms_per_server)
    return np.array([occupancy.advance(load) for load in servers_full.tolist()], dtype=np.int64)
