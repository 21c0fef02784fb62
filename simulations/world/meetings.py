"""Meetings as a marked Poisson process: every start has a size and a length out of a few bins."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.scenario.demand import MeetingClass
from simulations.world.lognormal import Lognormal
from simulations.world.rooms import Rooms, rooms

_SIZE_EDGES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
"""Finer at the top, where few meetings hold most people."""
_LENGTH_EDGES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.87, 0.95, 0.99, 1.0)
"""With the last hundredth apart: the longest meeting decides when a server is empty."""
_SMALLEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One class of meetings in bins: sizes in participants, lengths in ticks, shares sum to 1.

    A meeting of `sizes[k]` is held in `rooms[k]` rooms of the same size.
    """

    share: float
    scheduled: float
    sizes: IntArray
    size_shares: FloatArray
    rooms: IntArray
    lengths: IntArray
    length_shares: FloatArray

    @property
    def mean_size(self) -> float:
        """Participants a meeting."""
        return float(np.sum(self.sizes * self.size_shares))

    @property
    def mean_rooms(self) -> float:
        """Rooms a meeting."""
        return float(np.sum(self.rooms * self.size_shares))

    @property
    def mean_length(self) -> float:
        """Ticks."""
        return float(np.sum(self.lengths * self.length_shares))

    @property
    def lag(self) -> float:
        """Ticks by which concurrency follows starts: the mean age of a meeting in progress."""
        square = float(np.sum(self.lengths**2 * self.length_shares))
        return square / (2.0 * self.mean_length)


def kinds(classes: tuple[MeetingClass, ...], *, tick_seconds: int) -> tuple[Kind, ...]:
    """Bin every class, shares scaled to sum to one."""
    total = sum(each.share for each in classes)
    return tuple(_kind(each, total=total, tick_seconds=tick_seconds) for each in classes)


def _kind(each: MeetingClass, *, total: float, tick_seconds: int) -> Kind:
    sizes = Lognormal(each.participants.p50, each.participants.p95)
    lengths = Lognormal(each.length_seconds.p50, each.length_seconds.p95)
    found = np.maximum(_whole(sizes.conditional_means(_SIZE_EDGES)), _SMALLEST)
    return Kind(
        share=each.share / total,
        scheduled=each.scheduled,
        sizes=found,
        rooms=-(-found // (each.split_above or int(found.max()))),
        size_shares=_widths(_SIZE_EDGES),
        lengths=np.maximum(
            _whole([mean / tick_seconds for mean in lengths.conditional_means(_LENGTH_EDGES)]), 1
        ),
        length_shares=_widths(_LENGTH_EDGES),
    )


def _whole(means: list[float]) -> IntArray:
    return np.rint(means).astype(np.int64)


def _widths(edges: tuple[float, ...]) -> FloatArray:
    return np.array([right - left for left, right in pairwise(edges)])


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """What all classes together say about rooms, servers and people who wait.

    `mean_size` is participants a room, `mean_stay` ticks a participant. `packing_loss` is
    participants of a server's rating that no room fits into: filling servers one room after the
    other, the room that no longer fits is met in proportion to its size, so the space left over
    averages (E[s^2] / E[s] - 1) / 2 (renewal theory, whole participants). `stay` are shares of
    participants still in their meeting 0, 1, ... ticks after joining; `room_rest` and
    `participant_rest` shares of rooms and of participants in progress that are still there as long
    after (residual lengths). `rooms` say who finds no seat.
    """

    mean_size: float
    mean_stay: float
    packing_loss: float
    stay: FloatArray
    room_rest: FloatArray
    participant_rest: FloatArray
    rooms: Rooms


def mix(all_kinds: tuple[Kind, ...]) -> Mix:
    """Sum the classes up."""
    by_people = [kind.share * kind.mean_size for kind in all_kinds]
    by_rooms = [kind.share * kind.mean_rooms for kind in all_kinds]
    first = sum(by_people)
    second = sum(
        kind.share * float(np.sum(kind.sizes**2 / kind.rooms * kind.size_shares))
        for kind in all_kinds
    )
    stay = _survival(all_kinds, by_people)
    return Mix(
        mean_size=first / sum(by_rooms),
        mean_stay=float(np.sum(stay)),
        packing_loss=(second / first - 1.0) / 2.0,
        stay=stay,
        room_rest=_residual(_survival(all_kinds, by_rooms)),
        participant_rest=_residual(stay),
        rooms=rooms(
            np.concatenate([kind.sizes / kind.rooms for kind in all_kinds]),
            np.concatenate([kind.share * kind.rooms * kind.size_shares for kind in all_kinds]),
        ),
    )


def _survival(all_kinds: tuple[Kind, ...], weights: list[float]) -> FloatArray:
    longest = max(int(kind.lengths.max()) for kind in all_kinds)
    ages = np.arange(longest + 1)
    alive = np.zeros(longest + 1)
    for kind, weight in zip(all_kinds, weights, strict=True):
        longer = kind.lengths[None, :] > ages[:, None]
        alive += weight / sum(weights) * np.sum(longer * kind.length_shares, axis=1)
    return alive


def _residual(alive: FloatArray) -> FloatArray:
    """Return the survival of what is left of a meeting in progress: the tail's share of all."""
    tail = np.cumsum(alive[::-1])[::-1]
    residual: FloatArray = tail / tail[0]
    return residual
