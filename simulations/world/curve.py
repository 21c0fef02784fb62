"""How many people want to be in meetings, before chance: day, week, noise and surges multiplied."""

from datetime import date

import numpy as np

from forecast.arrays import FloatArray, IntArray, round_significant
from forecast.calendar import DAY, HOUR, Place
from simulations.scenario.demand import DayShape, DemandSpec, Measured, Noise, Surge, SurgeShape
from simulations.scenario.schema import Scenario

_QUARTER = 900
_EPOCH = date(1970, 1, 1)
_DIGITS = 9
# fmt: off
SHAPES = {
    DayShape.OFFICE: (
        0.04, 0.03, 0.03, 0.03, 0.04, 0.07, 0.18, 0.45, 0.78, 0.96, 1.00, 0.95,
        0.80, 0.82, 0.97, 0.98, 0.88, 0.70, 0.45, 0.30, 0.22, 0.16, 0.10, 0.06,
    ),
    DayShape.EVENING: (
        0.45, 0.28, 0.18, 0.12, 0.10, 0.11, 0.15, 0.22, 0.30, 0.36, 0.40, 0.44,
        0.48, 0.50, 0.52, 0.55, 0.60, 0.68, 0.80, 0.92, 1.00, 0.98, 0.85, 0.65,
    ),
    DayShape.FLAT: (1.0,) * 24,
}
# fmt: on
"""Share of the day's peak at each full hour, local time; linear between them."""
_STEEPNESS = 10.0
"""A logistic ramp is the stretch of the curve in which its argument goes from -5 to 5."""


def expected(
    spec: DemandSpec, scenario: Scenario, times: IntArray, rng: np.random.Generator
) -> FloatArray:
    """Return the expected concurrent participants at `times` (epoch seconds, ascending).

    `rng` draws the noise alone, whose extent in days does not depend on surges.
    """
    if spec.measured is None:
        factor = _calendar(spec, spec.time_zone or scenario.time_zone, times, rng)
    else:
        factor = _as_measured(spec.measured, times - scenario.epoch(spec.measured.start))
    for surge in spec.surges:
        factor *= growth(surge, times - scenario.epoch(surge.start))
    # the last bits of exp() differ between processors, and must not decide a draw
    return round_significant(spec.peak_participants * factor, digits=_DIGITS)


def _calendar(spec: DemandSpec, zone: str, times: IntArray, rng: np.random.Generator) -> FloatArray:
    local = Place(zone=zone).local_time(times)
    day = SHAPES[spec.day] if isinstance(spec.day, DayShape) else spec.day
    knots = np.array((*day, day[0]))
    factor: FloatArray = np.interp((local.wall % DAY) / HOUR, np.arange(25.0), knots)
    factor *= np.array(spec.week)[local.weekday]
    for off in spec.days_off:
        since = local.wall // DAY - (off.first - _EPOCH).days
        factor[(since >= 0) & (since < off.days)] *= off.factor
    factor *= _noise(spec.noise, local.wall, rng)
    return factor


def _as_measured(measured: Measured, since: IntArray) -> FloatArray:
    values = np.array(measured.values)
    steps = since / measured.step_seconds
    factor: FloatArray = np.interp(steps, np.arange(values.size), values / values.max())
    return factor


def growth(surge: Surge, since: IntArray) -> FloatArray:
    """Return a surge's factor at `since` seconds after its start."""
    ramp = np.clip(since / max(surge.ramp_seconds, 1), 0.0, 1.0)
    if surge.shape is SurgeShape.STEP:
        ramp = (since >= 0).astype(np.float64)
    elif surge.shape is SurgeShape.LOGISTIC:
        low, high = _sigmoid(np.array([-0.5, 0.5]) * _STEEPNESS)
        ramp = (_sigmoid((ramp - 0.5) * _STEEPNESS) - low) / (high - low)
    if surge.hold_seconds is not None:
        over = since - surge.ramp_seconds - surge.hold_seconds
        ramp = ramp * (1.0 - np.clip(over / max(surge.decay_seconds, 1), 0.0, 1.0))
    return 1.0 + (surge.multiplier - 1.0) * ramp


def _sigmoid(x: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-x))


def _noise(noise: Noise, wall: IntArray, rng: np.random.Generator) -> FloatArray:
    days = wall // DAY
    by_day = _factors(noise.day, int(days[-1] - days[0]) + 1, rng)
    quarters = (wall - wall[0]) / _QUARTER
    knots = np.arange(int(quarters.max()) + 2)
    by_quarter = _factors(noise.quarter_hour, knots.size, rng)
    factors: FloatArray = by_day[days - days[0]] * np.interp(quarters, knots, by_quarter)
    return factors


def _factors(sigma: float, count: int, rng: np.random.Generator) -> FloatArray:
    """Return lognormal factors with mean 1."""
    return np.exp(sigma * rng.standard_normal(count) - sigma**2 / 2.0)
