"""Series that are worked on at once: of one place, as many as fit the processor's cache."""

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from forecast.bookings import Booked
from forecast.calendar import Place
from forecast.evidence import Evidence, Rows
from forecast.models.frame import RawFrame, make_raw_frame

_BATCH_POINTS = 2**18
"""Numbers per array of a batch: two megabytes. Smaller ones cost more in calls than they save."""
_LEAST_ROWS = 8
"""What is worked out once for a whole batch, the calendar's part, must be shared by some."""
K = TypeVar("K", bound=Hashable)


def batches(keys: Sequence[K], *, points: int) -> Iterator[tuple[K, list[int]]]:
    """Group rows by their key, in batches for arrays of so many points per row."""
    groups: dict[K, list[int]] = {}
    if keys and keys.count(keys[0]) == len(keys):  # as mostly
        groups[keys[0]] = list(range(len(keys)))
    else:
        for row, key in enumerate(keys):
            groups.setdefault(key, []).append(row)
    size = max(_LEAST_ROWS, _BATCH_POINTS // max(1, points))
    for key, rows in groups.items():
        for first in range(0, len(rows), size):
            yield key, rows[first : first + size]


def as_rows(index: list[int]) -> Rows:
    """Return a slice where the rows follow one another: it makes views instead of copies."""
    if index and index == list(range(index[0], index[0] + len(index))):
        return slice(index[0], index[0] + len(index))
    return index


def look_back(
    part: Evidence, place: Place, *, start: int, steps: int, booked: Booked | None = None
) -> RawFrame:
    """Return the frame of evidence that looks back to `start`, for the `steps` after it."""
    return make_raw_frame(
        part.values,
        part.observed,
        start=start,
        begin=(part.start - start) // part.step_seconds,
        step_seconds=part.step_seconds,
        steps=steps,
        place=place,
        booked=booked,
    )
