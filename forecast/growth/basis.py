"""What growth is read from: the last day, and the profile of the steps ahead."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.models.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """One row for each series, or for each origin of one.

    Of the last day, (rows, points): log demand as `level`, 0 where it was not `seen`, and its
    `profile`. Of the steps ahead, (rows, steps): the profile, and the level `again` of the newest
    day at the same time, 0 where it was not seen.
    """

    level: FloatArray
    seen: FloatArray
    profile: FloatArray
    ahead: FloatArray
    again: FloatArray
    per_day: int

    def rows(self, rows: IntArray) -> "Basis":
        """Return these rows only."""
        return Basis(
            level=self.level[rows],
            seen=self.seen[rows],
            profile=self.profile[rows],
            ahead=self.ahead[rows],
            again=self.again[rows],
            per_day=self.per_day,
        )


def basis_of(frame: Frame, *, steps: int) -> Basis:
    """Look at the frame's last day, and as many steps ahead."""
    past = np.arange(max(0, frame.known - frame.per_day), frame.known)
    profile, _ = frame.day_averages(past, np.ones(past.shape, dtype=np.int64))
    level, seen = frame.take(past)
    lead = np.arange(steps)
    ahead, nearest = frame.known + lead, lead // frame.per_day + 1
    usual, _ = frame.day_averages(ahead, nearest)
    again, was_seen = frame.take(frame.lag(ahead, nearest))
    return Basis(
        level=level,
        seen=seen,
        profile=profile,
        ahead=usual,
        again=again * was_seen,
        per_day=frame.per_day,
    )
