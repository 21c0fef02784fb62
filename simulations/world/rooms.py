"""A room lives on one server: who finds no seat there, while there are seats elsewhere."""

import math
from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Rooms:
    """What is refused of a room that opens where 0, 1, ... seats are left, up to the largest room.

    `refused` are shares of all joins; `groups` how many a room leaves standing together, of the
    rooms that do.
    """

    refused: tuple[float, ...]
    groups: tuple[float, ...]

    def share_refused(self, seats: float) -> float:
        """Return the share of joins refused with so many seats left on the emptiest server."""
        below = int(seats)
        if below >= len(self.refused) - 1:
            return 0.0
        here = self.refused[below]
        return here + (self.refused[below + 1] - here) * (seats - below)

    def group(self, seats: float) -> float:
        """Return how many of one room wait for a seat on its server."""
        return self.groups[min(int(seats), len(self.groups) - 1)]


def rooms(sizes: FloatArray, shares: FloatArray) -> Rooms:
    """Sum rooms up, of so many people each and with these shares of all."""
    seats = np.arange(math.ceil(sizes.max()) + 1)
    beyond, rarer = np.zeros(seats.size), np.zeros(seats.size)
    for size, share in zip(sizes.tolist(), shares.tolist(), strict=True):
        beyond += share * np.maximum(size - seats, 0.0)
        rarer += share * (size > seats)
    groups = np.divide(beyond, rarer, out=np.ones(seats.size), where=rarer > 0.0)
    return Rooms(tuple((beyond / beyond[0]).tolist()), tuple(groups.tolist()))
