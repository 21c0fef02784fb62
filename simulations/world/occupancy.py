"""Which servers hold a meeting: rooms go to the fullest server they fit on."""

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.world.meetings import Mix
from simulations.world.streams import stream


def hold_ticks(mix: Mix, *, rooms_per_server: float, pool: str, seed: int, count: int) -> IntArray:
    """Draw for how many ticks each of `count` servers stays occupied once it gets no new room.

    A server empties with the last of its rooms: the largest of `rooms_per_server` residual lengths.
    """
    rng = stream(seed, "drains", pool)
    last_gone = (1.0 - mix.room_rest) ** max(rooms_per_server, 1.0)
    return np.searchsorted(last_gone, rng.random(count)).astype(np.int64)


class Occupancy:
    """Servers of one pool in the order in which they fill; all are alike but for what is on them.

    Fluid: a load of x servers' worth keeps the first ceil(x) supplied with new rooms. When load
    falls, the ones behind get none, and each empties after its own `hold` (ticks). Against single
    rooms it keeps servers somewhat longer, because it takes each of them for full at that moment.
    """

    def __init__(self, hold: IntArray) -> None:
        self._hold = hold
        self._busy_until = np.zeros(hold.size, dtype=np.int64)

    def load(self, servers_full: float, tick: int) -> None:
        """Put load on the first servers, `servers_full` in units of one server's capacity."""
        used = min(int(np.ceil(servers_full)), self._hold.size)
        np.add(self._hold[:used], tick + 1, out=self._busy_until[:used])

    def occupied(self, tick: int) -> int:
        """Return how many hold at least one room at the end of this tick."""
        return int(np.count_nonzero(self._busy_until > tick))

    def remove_blindly(self, share: float) -> None:
        """Take away a share of the servers without regard to their rooms."""
        gone = round(share * self._busy_until.size)
        if gone:
            kept = np.ones(self._busy_until.size, dtype=np.bool_)
            kept[np.linspace(0, kept.size - 1, gone).astype(np.int64)] = False
            rest = self._busy_until[kept]
            self._busy_until[: rest.size] = rest
            self._busy_until[rest.size :] = 0


def occupied_path(servers_full: FloatArray, hold: IntArray) -> IntArray:
    """Return how many servers a load path (in servers' worth, by tick) keeps occupied."""
    occupancy = Occupancy(hold)
    path = np.zeros(servers_full.size, dtype=np.int64)
    for tick, load in enumerate(servers_full.tolist()):
        occupancy.load(load, tick)
        path[tick] = occupancy.occupied(tick)
    return path
