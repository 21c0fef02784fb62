"""Dated events on a forecast path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import FloatArray
from forecast.calendar import Event


@dataclass(frozen=True, slots=True)
class Learned:
    """What events of a tag did to one series: demand times `multiplier`, as seen at `events`.

    `spread` is one sigma of the next event's logarithm, ignorance included.
    """

    multiplier: float
    events: int
    spread: float


def sized(
    events: Sequence[Event], series_ids: Sequence[str], learned: Mapping[str, Mapping[str, Learned]]
) -> Iterator[Event]:
    """Give events without a multiplier the one that each series has learned for their tag.

    `learned` is by series and tag. For models that know of events only what is stated.
    """
    for event in events:
        if event.multiplier is not None or event.tag is None:
            yield event
            continue
        for name in series_ids:
            known = learned.get(name, {}).get(event.tag)
            if known is not None and event.concerns(name):
                yield replace(
                    event, series_ids=frozenset((name,)), multiplier=max(known.multiplier, 1.0)
                )


def apply_events(
    paths: FloatArray,
    series_ids: tuple[str, ...],
    events: Sequence[Event],
    *,
    start: int,
    step_seconds: int,
) -> FloatArray:
    """Return paths (series, steps, quantiles), in participants, with the events' effect.

    Multipliers of events that overlap multiply; `participants` is a floor under all quantiles. A
    step that an event touches only partly is raised but not lowered.
    """
    steps = paths.shape[1]
    end = start + steps * step_seconds
    ahead = [event for event in events if event.start < end and event.end > start]
    if not ahead:
        return paths
    times = start + step_seconds * np.arange(steps)
    factor = np.ones(paths.shape[:2])
    floor = np.zeros(paths.shape[:2])
    for event in ahead:
        rows = [row for row, name in enumerate(series_ids) if event.concerns(name)]
        touched = (times < event.end) & (times + step_seconds > event.start)
        whole = (times >= event.start) & (times + step_seconds <= event.end)
        if event.multiplier is not None:
            where = touched if event.multiplier >= 1.0 else whole
            factor[rows] = np.where(where, factor[rows] * event.multiplier, factor[rows])
        if event.participants is not None:
            floor[rows] = np.where(
                touched, np.maximum(floor[rows], event.participants), floor[rows]
            )
    return np.maximum(paths * factor[..., None], floor[..., None])
