"""Surge, seen from outside: entered on evidence, upward only, and left again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Calendar
from forecast.forecaster import Forecaster
from forecast.result import Forecast, ForecastMode
from tests.forecast.histories import MONDAY, QUARTER_HOUR, history, office_weeks

PER_DAY = DAY // QUARTER_HOUR
NOON = MONDAY - 3 * DAY + 12 * HOUR  # a Friday
WEEKS = office_weeks(28)[: -3 * PER_DAY + 12 * 4]
OUTSIDE, NORMAL = ForecastMode.OUTSIDE_HISTORY, ForecastMode.NORMAL


def forecast(values: FloatArray, *, now: int = NOON, surging: bool = False) -> Forecast:
    issued, _ = Forecaster().refresh(
        history(values, end=now),
        now=now,
        horizon_steps=PER_DAY,
        calendar=Calendar(),
        surging=frozenset({"pool-0"}) if surging else frozenset(),
    )
    return issued


def surging(factors: FloatArray) -> FloatArray:
    values = WEEKS.copy()
    values[-factors.size :] *= factors
    return values


RAMP = surging(2.0 ** np.linspace(0.5, 3.0, 10))


def test_growth_outside_history_is_entered_named_and_carried_on() -> None:
    usual, surge = forecast(WEEKS), forecast(RAMP)
    assert usual.modes == (NORMAL,)
    assert surge.modes == (OUTSIDE,)
    assert surge.models == ("growth",)
    evidence, doubling = surge.reasons[0]
    assert evidence.startswith("in a surge since 2026-02-27T09:")
    assert "times its alarm" in evidence
    assert doubling.startswith("it doubles every ")
    assert surge.values[0, 3, 0] > 8.0 * usual.values[0, 3, 0]


@pytest.mark.parametrize("doubling_hours", [0.5, 1.0, 2.0, 4.0])
def test_ramps_of_any_steepness_are_entered_before_they_are_eightfold(
    doubling_hours: float,
) -> None:
    points = round(3.0 * doubling_hours * 4)
    ramp = surging(2.0 ** np.linspace(0.0, 3.0, points))
    assert forecast(ramp).modes == (OUTSIDE,)


def test_one_wild_point_is_no_surge() -> None:
    assert forecast(surging(np.array([8.0]))).modes == (NORMAL,)


def test_a_fall_is_no_surge() -> None:
    assert forecast(surging(np.full(12, 0.05))).modes == (NORMAL,)


def test_a_surge_is_left_after_a_calm_hour_with_its_reason() -> None:
    values = np.append(surging(np.full(8, 6.0)), office_weeks(28)[-3 * PER_DAY + 12 * 4 :])
    was, seen = False, []
    for hour in range(7):
        issued = forecast(values[: WEEKS.size + hour * 4], now=NOON + hour * HOUR, surging=was)
        was = issued.modes[0] is OUTSIDE
        seen.append((was, issued.reasons[0]))
    assert seen[0][0]
    assert not seen[-1][0]
    left = next(hour for hour, (surge, _) in enumerate(seen) if not surge)
    assert seen[left][1][-1].startswith("the surge is over: for 1 h")


def test_a_surge_outlasts_a_gap_of_a_day_and_a_half() -> None:
    blind = np.append(RAMP, np.full(PER_DAY * 3 // 2, np.nan))
    later = NOON + DAY * 3 // 2
    assert forecast(blind, now=later, surging=True).modes == (OUTSIDE,)
    assert "not observed since" in forecast(blind, now=later, surging=True).reasons[0][-1]


def test_a_surge_is_left_when_history_has_caught_up_with_the_new_level() -> None:
    level = office_weeks(32)
    level[-4 * PER_DAY :] *= 3.0
    assert forecast(level, now=MONDAY, surging=True).modes == (NORMAL,)


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_days_raise_no_alarm(seed: int) -> None:
    weeks = office_weeks(30, noise=0.1, seed=seed)
    for quarter_hours in range(0, 2 * PER_DAY, 12):
        end = weeks.size - quarter_hours
        now = MONDAY - quarter_hours * QUARTER_HOUR
        assert forecast(weeks[:end], now=now).modes == (NORMAL,)


SHAPES = st.sampled_from(["constant", "zero", "office", "gaps", "negative", "huge", "tiny"])


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES, factor=st.floats(0.1, 1e4), hours=st.integers(1, 30))
def test_being_in_a_surge_never_lowers_a_path(shape: str, factor: float, hours: int) -> None:
    values = {
        "constant": np.full(28 * 24, 50.0),
        "zero": np.zeros(28 * 24),
        "negative": np.full(28 * 24, -3.0),
        "huge": 1e12 * office_weeks(28, step=HOUR),
        "tiny": 1e-12 * office_weeks(28, step=HOUR),
    }.get(shape, office_weeks(28, step=HOUR))
    values[-hours:] *= factor
    if shape == "gaps":
        values[-20::3] = np.nan
    past = history(values, step=HOUR)
    calm, surge = (
        Forecaster().refresh(
            past, now=MONDAY, horizon_steps=24, calendar=Calendar(), surging=names
        )[0]
        for names in (frozenset[str](), frozenset({"pool-0"}))
    )
    assert np.isfinite(surge.values).all()
    assert (np.diff(surge.values, axis=-1) >= 0.0).all()
    if surge.modes[0] is OUTSIDE:
        assert (surge.values >= calm.values).all()
