"""Growth goes on, the median fades, the upper quantiles reckon with more."""

from math import exp, log

import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import HOUR, Place
from forecast.growth.basis import Basis, basis_of
from forecast.growth.extrapolation import extrapolate, follow, hourly_growth, widen
from forecast.models.frame import make_frame
from tests.forecast.histories import MONDAY

DAY_LONG = np.array([24.0])


def basis(values: FloatArray) -> Basis:
    frame = make_frame(
        values[None],
        np.ones((1, values.size), dtype=np.bool_),
        start=MONDAY,
        step_seconds=HOUR,
        steps=24,
        place=Place(),
    )
    return basis_of(frame, steps=24)


def flat_then(*last: float) -> Basis:
    values = np.full(15 * 24, 100.0)
    values[values.size - len(last) :] = last
    return basis(values)


def paths(of: Basis, *, lasted: FloatArray = DAY_LONG) -> FloatArray:
    levels = extrapolate(of, lasted=lasted, quantiles=(0.5, 0.95))
    participants: FloatArray = np.expm1(levels)[0]
    return participants


def test_growth_goes_on_damped_with_itself_as_spread() -> None:
    grown = paths(flat_then(200.0, 400.0, 800.0))
    assert 800.0 < grown[0, 0] < 1600.0
    assert (np.diff(grown[:2, 0]) > 0.0).all()
    assert grown[0, 1] > 2.0 * grown[0, 0]
    assert grown.max() < 800.0 * 4.0 * exp(1.645 * 1.5)


def test_growth_that_has_stopped_is_none() -> None:
    assert hourly_growth(flat_then(200.0, 800.0, 800.0))[0] == pytest.approx(0.0, abs=0.05)
    assert hourly_growth(flat_then(200.0, 400.0, 800.0))[0] == pytest.approx(log(2.0), abs=0.05)


def test_the_median_fades_as_fast_as_the_surge_is_young() -> None:
    grown = flat_then(810.0, 805.0, 800.0)
    young, old = paths(grown, lasted=np.array([3.0])), paths(grown, lasted=np.array([24.0]))
    assert young[2, 0] == pytest.approx(100.0 * exp(log(8.0) / exp(1.0)), rel=0.15)
    assert old[2, 0] > 1.5 * young[2, 0]
    assert young[2, 1] > 1.5 * young[2, 0]


def test_a_fall_is_followed_no_lower_than_the_profile() -> None:
    assert paths(flat_then(800.0, 200.0, 50.0))[:20, 0].min() >= 99.0


def test_yesterdays_surge_may_come_back_at_its_hour() -> None:
    values = np.full(15 * 24, 100.0)
    values[-24:-20] = 900.0
    raised = follow(basis(values), active=np.array([False]), lasted=DAY_LONG, quantiles=(0.5, 0.95))
    assert raised[0, :, 0].tolist() == [0.0] * 24
    assert np.expm1(raised[0, :6, 1]) == pytest.approx([900.0] * 4 + [100.0] * 2)


def test_drift_widens_upwards_only_and_less_for_long_leads() -> None:
    levels = np.tile(np.array([5.0, 6.0]), (1, 24, 1))
    widened = widen(levels, np.array([1.0]), per_day=24)
    assert widened[0, :, 0].tolist() == [5.0] * 24
    assert widened[0, 3, 1] == pytest.approx(6.0 + 0.5 * exp(-1.0))
    assert (np.diff(widened[0, :, 1]) < 0.0).all()
    assert (widened[..., 1] > 6.0).all()


def test_a_few_people_more_at_night_say_little_about_the_day() -> None:
    day_and_night = np.tile(np.repeat([0.0, 1000.0], 12), 15)  # ends with a day
    values = np.append(day_and_night, np.zeros(12))
    values[-1] = 4.0
    assert paths(basis(values))[11, 0] < 1.5 * 1000.0
