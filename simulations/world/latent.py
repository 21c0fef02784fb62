"""Latent demand: what happens if every join is served. It never depends on a policy."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.scenario.demand import Starts
from simulations.scenario.schema import Scenario, ScenarioPool
from simulations.world.curve import expected
from simulations.world.meetings import Kind, kinds
from simulations.world.streams import stream

_DAY = 86_400
_HOUR = 3600


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """One pool's demand by tick, history first, then the scenario.

    Tick i covers [start + i * tick_seconds, start + (i + 1) * tick_seconds); `joins` and
    `rooms_started` are within it, `participants` and `rooms` at its end. The first `history_ticks`
    precede the scenario.
    """

    start: int
    tick_seconds: int
    history_ticks: int
    joins: IntArray
    participants: IntArray
    rooms_started: IntArray
    rooms: IntArray

    @property
    def scored(self) -> IntArray:
        """Participants at the end of each tick of the scenario, history left out."""
        return self.participants[self.history_ticks :]


def latent(pool: ScenarioPool, scenario: Scenario) -> Latent:
    """Draw one pool's meetings, reproducibly for the scenario's seed and the pool's name.

    Per tick and class, the starts of each size and length are independent Poisson counts. Their
    rate makes expected concurrency follow the pool's curve: by Little's law it is the curve over
    mean size times mean length, taken earlier by what concurrency lags behind starts.
    """
    tick = scenario.tick_seconds
    classes = kinds(scenario.meetings, tick_seconds=tick)
    history_ticks = scenario.history_days * _DAY // tick
    # meetings in progress at the first tick of history started before it
    warm_up = max(int(kind.lengths.max()) for kind in classes)
    first = scenario.epoch(scenario.start) - (history_ticks + warm_up) * tick
    middles = first + np.arange(warm_up + history_ticks + scenario.ticks) * tick + tick // 2
    lead = max(int(np.ceil(kind.lag)) for kind in classes) + 1
    times = np.append(middles, middles[-1] + np.arange(1, lead + 1) * tick)
    curve = expected(pool.demand, scenario, times, stream(scenario.seed, "noise", pool.name))

    drawn = [np.zeros(middles.size, dtype=np.int64) for _ in range(4)]
    person_ticks = sum(kind.share * kind.mean_size * kind.mean_length for kind in classes)
    for index, kind in enumerate(classes):
        ahead = np.interp(np.arange(middles.size) + kind.lag, np.arange(times.size), curve)
        rate = kind.share / person_ticks * ahead * _gathering(kind, scenario.starts, middles)
        rng = stream(scenario.seed, "meetings", pool.name, str(index))
        for total, series in zip(drawn, _draw(kind, rate, rng), strict=True):
            total += series
    joins, participants, started, rooms = (series[warm_up:] for series in drawn)
    for webinar in pool.demand.webinars:
        begin = (scenario.epoch(webinar.start) - first) // tick - warm_up
        arriving = -(-webinar.arrive_seconds // tick)
        coming, inside = _gather(webinar.participants, arriving, webinar.length_seconds // tick)
        _add(joins, coming, begin)
        _add(participants, inside, begin)
    return Latent(
        start=first + warm_up * tick,
        tick_seconds=tick,
        history_ticks=history_ticks,
        joins=joins,
        participants=participants,
        rooms_started=started,
        rooms=rooms,
    )


def _gather(people: int, arriving: int, lasting: int) -> tuple[IntArray, IntArray]:
    """Return joins and participants by tick of one meeting to which all come evenly."""
    arrived = np.full(max(lasting, arriving), people)
    arrived[:arriving] = people * np.arange(1, arriving + 1) // arriving
    return np.diff(arrived[:arriving], prepend=0), arrived


def _add(series: IntArray, more: IntArray, begin: int) -> None:
    """Add what falls into the series, in place."""
    first, end = max(begin, 0), min(begin + more.size, series.size)
    if first < end:
        series[first:end] += more[first - begin : end - begin]


def _gathering(kind: Kind, starts: Starts, times: IntArray) -> FloatArray:
    """Return the factor, of mean 1, by which starts gather around :00 and :30."""
    gathered = np.zeros(times.size)
    for weight, minute in ((starts.on_hour, 0), (1.0 - starts.on_hour, _HOUR // 2)):
        away = (times - minute + _HOUR // 2) % _HOUR - _HOUR // 2
        gathered += weight * np.exp(-0.5 * (away / starts.spread_seconds) ** 2)
    period = np.arange(0, _HOUR, 1.0)
    bell = np.exp(-0.5 * ((period - _HOUR / 2) / starts.spread_seconds) ** 2)
    factor: FloatArray = 1.0 - kind.scheduled + kind.scheduled * gathered / bell.mean()
    return factor


def _draw(
    kind: Kind, rate: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Draw one class; return joins, participants, rooms started and rooms, by tick."""
    shares = kind.size_shares[:, None] * kind.length_shares[None, :]
    counts = rng.poisson(rate[:, None, None] * shares)
    by_length = np.matmul(np.stack([kind.rooms, kind.sizes]), counts)
    started_by_length, joins_by_length = by_length[:, 0], by_length[:, 1]
    return (
        joins_by_length.sum(axis=1),
        _in_progress(joins_by_length, kind.lengths),
        started_by_length.sum(axis=1),
        _in_progress(started_by_length, kind.lengths),
    )


def _in_progress(starts: IntArray, lengths: IntArray) -> IntArray:
    """Return what is still going on at each tick's end, of starts with shape (ticks, lengths)."""
    total = np.zeros(starts.shape[0], dtype=np.int64)
    for column, length in enumerate(lengths):
        begun = np.cumsum(starts[:, column])
        begun[length:] -= begun[:-length].copy()
        total += begun
    return total
