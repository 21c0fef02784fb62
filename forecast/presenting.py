"""The forecast that people and planner get: calibrated, or replaced, and marked where young."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import FloatArray, round_significant
from forecast.calendar import DAY, HOUR, Event
from forecast.calibration import GRAIN, UNLEARNABLE, Grains, grains, widened
from forecast.events import apply_events, sized
from forecast.history import History
from forecast.record import Record
from forecast.result import Forecast, ForecastMode
from forecast.scorecard import Standing, compared, trial
from forecast.yardstick import naive_paths

NAIVE = "seasonal-naive-weekly"
_WORTH_SAYING = 0.1
"""Calibration that changes the band by a tenth is said."""


@dataclass(frozen=True, slots=True, eq=False)
class Presented:
    """`shown` is for people and planner.

    `ours` are the calibrated paths of the model itself, with the calibration `applied` to them:
    what is scored, also for a series that is demoted.
    """

    shown: Forecast
    ours: FloatArray
    applied: Grains


def present(
    raw: Forecast, history: History, record: Record, *, events: Sequence[Event]
) -> Presented:
    """Calibrate what the model made in its normal mode; what else it makes is as wide as it says.

    In a surge a demoted series keeps the model's forecast: last week says nothing of a surge.
    """
    normal = np.array([mode is ForecastMode.NORMAL for mode in raw.modes], dtype=np.bool_)
    factors = np.where(normal[:, None, None], grains(record.factors), 0).astype(np.int8)
    ours = widened(raw.values, factors, leads=record.leads)
    demoted = np.flatnonzero(normal & (record.standings == Standing.DEMOTED))
    values = ours
    if demoted.size:
        values = ours.copy()
        values[demoted] = _naive(raw, history, demoted, events)
    verdicts = list(_verdicts(raw, record, factors))
    shown = replace(
        raw,
        values=values,
        modes=tuple([mode for mode, _, _ in verdicts]),
        models=tuple([model for _, model, _ in verdicts]),
        reasons=tuple([reasons for _, _, reasons in verdicts]),
    )
    applied = np.where(normal[:, None, None], factors, UNLEARNABLE).astype(np.int8)
    return Presented(shown, ours, applied)


def _naive(
    raw: Forecast, history: History, rows: np.ndarray, events: Sequence[Event]
) -> FloatArray:
    paths = naive_paths(history, rows, start=raw.start, steps=raw.steps, quantiles=raw.quantiles)
    names = tuple(raw.series_ids[row] for row in rows)
    known = tuple(sized(events, names, raw.learned))
    paths = apply_events(paths, names, known, start=raw.start, step_seconds=raw.step_seconds)
    return np.maximum.accumulate(round_significant(paths), axis=-1)


def _verdicts(
    raw: Forecast, record: Record, factors: Grains
) -> Iterator[tuple[ForecastMode, str, tuple[str, ...]]]:
    """Yield mode, model and reasons of each series."""
    standings, ratio = record.standings.tolist(), record.scores.ratio().tolist()
    days = record.scores.days(record.step_seconds).tolist()
    won = (record.winning_steps * (record.step_seconds / DAY)).tolist()
    strongest = np.abs(factors.astype(np.int64)).max(axis=(1, 2)).tolist()
    for row, (mode, model, reasons) in enumerate(
        zip(raw.modes, raw.models, raw.reasons, strict=True)
    ):
        standing = standings[row]
        if mode is ForecastMode.NORMAL and standing == Standing.DEMOTED:
            since = f"demoted to seasonal-naive; since then {compared(ratio[row], days[row])}"
            yield mode, NAIVE, (*reasons, since)
            continue
        if strongest[row] >= _WORTH_SAYING * GRAIN:
            reasons = (*reasons, _calibration(record, factors[row]))
        if standing == Standing.TRIAL and mode is not ForecastMode.COLD_START:
            reasons = (*reasons, f"young: {trial(won[row])}")
            mode = ForecastMode.COLD_START
        yield mode, model, reasons


def _calibration(record: Record, factors: Grains) -> str:
    lead, upper = np.unravel_index(np.abs(factors.astype(np.int64)).argmax(), factors.shape)
    hours = record.leads[lead] * record.step_seconds / HOUR
    return (
        f"P{100 * record.quantiles[upper + 1]:g} {hours:g} h ahead is put "
        f"{np.exp(factors[lead, upper] / GRAIN):.2f} times as far above the median as the model "
        "has it, from how far demand was"
    )
