"""Events of one tag teach each other how much they change demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.calendar import DAY, HOUR, Calendar, Event, Place
from forecast.events import Learned
from forecast.evidence import Evidence
from forecast.history import History, PointState
from forecast.models.frame import Frame, make_frame

_UNKNOWN = float(np.log(1.5))
_UNKNOWN_SPREAD = 1.0
"""What somebody announces without a size: half as much again, at P95 eight times."""
_USUAL_SPREAD = 0.35
"""Events of one tag differ by a third or so, until they were seen to."""
_STATED_EVENTS = 2.0
"""What somebody states counts as two events, and is outvoted by three."""
_AFTER_SECONDS = HOUR
"""So long after an event the upper quantiles reckon with half of it (in logarithms): those who came
leave one by one."""
_MOST_ABOVE_SEEN = float(np.log(20.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """By series: how many events, their mean log ratio, and its variance between and within."""

    count: FloatArray
    mean: FloatArray
    between: FloatArray
    within: FloatArray


def learn_from_events(
    history: History,
    evidence: Evidence,
    events: Sequence[Event],
    *,
    calendar: Calendar,
    steps: int,
    quantiles: tuple[float, ...],
) -> tuple[FloatArray | None, Mapping[str, Mapping[str, Learned]]]:
    """Say what events that lie ahead will be like, from past events of the same tag.

    `evidence` was read from the history; what happened during events is not in it. Returns the
    least that paths should be, log1p of (series, steps, quantiles), 0 outside the events (None:
    there are none), and what was learned, by series and tag. A multiplier that was stated counts as
    it is until an event of its tag was seen. Nothing is computed for series that no event concerns.
    """
    end = evidence.end + steps * evidence.step_seconds
    ahead = [
        event
        for event in events
        if _teaches(event) and event.start < end and event.end + _AFTER_SECONDS > evidence.end
    ]
    if not ahead:
        return None, {}
    names = history.series_ids
    usable = _observed(history, evidence)
    levels = np.zeros((len(names), steps, len(quantiles)))
    learned: dict[str, dict[str, Learned]] = {}
    places: dict[Place, list[int]] = {}
    for row, name in enumerate(names):
        if any(event.concerns(name) for event in ahead):
            places.setdefault(calendar.place(name), []).append(row)
    for place, rows in places.items():
        frame = make_frame(
            evidence.values[rows],
            evidence.observed[rows],
            start=evidence.start,
            step_seconds=evidence.step_seconds,
            steps=steps,
            place=place,
        )
        demand = np.log1p(np.maximum(np.where(usable[rows], evidence.values[rows], 0.0), 0.0))
        highest = np.maximum(frame.level, demand).max(axis=1, initial=0.0)
        chosen = [names[row] for row in rows]
        tags = {event.tag for event in ahead}
        seen = {
            tag: _look_back(
                frame, demand, usable[rows], chosen, [e for e in events if e.tag == tag], evidence
            )
            for tag in tags
        }
        for event in ahead:
            assert event.tag is not None
            log_ratio, spread = _expect(seen[event.tag], event)
            paths = _paths(frame, evidence, event, log_ratio, spread, quantiles, steps)
            concerned = np.array([event.concerns(name) for name in chosen])
            if event.multiplier is not None:
                concerned &= seen[event.tag].count > 0.0
            paths = np.minimum(paths, highest[:, None, None] + _MOST_ABOVE_SEEN)
            paths[~concerned] = 0.0
            levels[rows] = np.maximum(levels[rows], paths)
            for at in np.flatnonzero(concerned).tolist():
                learned.setdefault(chosen[at], {})[event.tag] = Learned(
                    multiplier=float(np.exp(log_ratio[at])),
                    events=int(seen[event.tag].count[at]),
                    spread=float(spread[at]),
                )
    return levels, learned


def learned_reasons(learned: Mapping[str, Learned]) -> tuple[str, ...]:
    """Return a sentence for every tag."""
    return tuple(
        f"events tagged {tag!r} are taken for {each.multiplier:.3g} times what would be there "
        f"without, after {each.events} of them; one sigma is a factor of {np.exp(each.spread):.3g}"
        for tag, each in learned.items()
    )


def _observed(history: History, evidence: Evidence) -> BoolArray:
    span = history.spanning(evidence.start, evidence.end)
    observed: BoolArray = (span.states == PointState.OBSERVED) & np.isfinite(span.values)
    return observed


def _teaches(event: Event) -> bool:
    """Whether it is one of a kind that is learned, and short enough not to be its own normal."""
    return event.tag is not None and event.participants is None and event.end - event.start < DAY


def _look_back(
    frame: Frame,
    demand: FloatArray,
    usable: BoolArray,
    names: Sequence[str],
    events: Sequence[Event],
    evidence: Evidence,
) -> _Seen:
    """Compare what was observed during past events with what the days before them promised."""
    means, variances, weights = [], [], []
    for event in events:
        first = max(0, (event.start - evidence.start) // evidence.step_seconds)
        last = min(frame.known, -(-(event.end - evidence.start) // evidence.step_seconds))
        if not _teaches(event) or first >= last:
            continue
        points = np.arange(first, last)
        profile, _ = frame.day_averages(points, np.ones(points.shape, dtype=np.int64))
        without = profile + _day_before(frame, first)[:, None]
        concerned = np.array([[event.concerns(name)] for name in names])
        told = (usable[:, points] & (profile > 0.0) & concerned).astype(np.float64)
        count = np.maximum(told.sum(axis=1), 1.0)
        ratio = (demand[:, points] - without) * told
        mean = ratio.sum(axis=1) / count
        means.append(mean)
        variances.append((told * (ratio - mean[:, None]) ** 2).sum(axis=1) / count)
        weights.append((told.sum(axis=1) > 0.0).astype(np.float64))
    if not means:
        nothing = np.zeros(len(names))
        return _Seen(nothing, nothing, nothing, nothing)
    mean, weight = np.stack(means), np.stack(weights)
    total = weight.sum(axis=0)
    over = np.maximum(total, 1.0)
    center = (mean * weight).sum(axis=0) / over
    return _Seen(
        count=total,
        mean=center,
        between=((mean - center) ** 2 * weight).sum(axis=0) / over,
        within=(np.stack(variances) * weight).sum(axis=0) / over,
    )


def _expect(seen: _Seen, event: Event) -> tuple[FloatArray, FloatArray]:
    """Return mean and one sigma of the next event's log ratio.

    What was stated counts as some events of its own, and so does the usual spread as one; the
    uncertainty of the mean stays in.
    """
    count, known = seen.count, np.maximum(seen.count, 1.0)
    if event.multiplier:
        weight, prior = _STATED_EVENTS, float(np.log(event.multiplier))
    else:
        weight, prior = 0.0, _UNKNOWN
    mean = np.where(count > 0.0, (weight * prior + count * seen.mean) / (weight + known), prior)
    between = (_USUAL_SPREAD**2 + count * seen.between) / (1.0 + count) * (1.0 + 1.0 / known)
    spread = np.sqrt(between + seen.within)
    return mean, np.where(count > 0.0, spread, _UNKNOWN_SPREAD)


def _paths(
    frame: Frame,
    evidence: Evidence,
    event: Event,
    log_ratio: FloatArray,
    spread: FloatArray,
    quantiles: tuple[float, ...],
    steps: int,
) -> FloatArray:
    """Return the profile, at the last day's level, times the ratio where the event is; else 0."""
    paths = np.zeros((log_ratio.size, steps, len(quantiles)))
    scores = np.maximum([NormalDist().inv_cdf(each) for each in quantiles], 0.0)
    starts = evidence.end + evidence.step_seconds * np.arange(steps)
    for begin, end, share in (
        (event.start, event.end, np.ones(scores.shape)),
        (event.end, event.end + _AFTER_SECONDS, np.where(scores > 0.0, 0.5, 0.0)),
    ):
        touched = np.flatnonzero((starts < end) & (starts + evidence.step_seconds > begin))
        base, _ = frame.day_averages(frame.known + touched, touched // frame.per_day + 1)
        level = (base + _day_before(frame, frame.known)[:, None])[..., None]
        during = log_ratio[:, None, None] * share + spread[:, None, None] * share * scores
        raised = np.where((base > 0.0)[..., None] & (share > 0.0), level + during, 0.0)
        paths[:, touched] = np.maximum(paths[:, touched], raised)
    return paths


def _day_before(frame: Frame, point: int) -> FloatArray:
    """Return how far the day before a point was above its profile, per series."""
    day = np.arange(max(0, point - frame.per_day), point)
    profile, _ = frame.day_averages(day, np.ones(day.shape, dtype=np.int64))
    level, seen = frame.take(day)
    told = seen * (profile > 0.0)
    above: FloatArray = ((level - profile) * told).sum(axis=1) / np.maximum(told.sum(axis=1), 1.0)
    return above
