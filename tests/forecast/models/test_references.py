"""Every model that can be chosen by name, on whatever a series may be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.arrays import FloatArray
from forecast.backtest.contestants import MODELS, OURS
from forecast.calendar import HOUR, Calendar, Event
from forecast.models.naive import daily_naive
from forecast.models.task import Task
from tests.forecast.histories import MONDAY, history, office_weeks

LEVELS = (0.5, 0.9, 0.95, 0.99)
WEEKS = office_weeks(22, step=HOUR)
PAST, AHEAD = WEEKS[:-24], WEEKS[-24:]
RANDOM = np.random.default_rng(3)
ODD = {
    "nothing seen": np.full(500, np.nan),
    "no points": np.zeros(0),
    "one point": np.array([4.0]),
    "two points": np.array([1.0, 3.0]),
    "constant": np.full(500, 7.0),
    "all zero": np.zeros(500),
    "gaps": np.where(np.arange(504) % 5 == 0, np.nan, office_weeks(21, step=HOUR)),
    "a week lost": np.where(np.arange(504) // 168 == 1, np.nan, office_weeks(21, step=HOUR)),
    "negative": -office_weeks(21, step=HOUR),
    "huge": 1e12 * office_weeks(21, step=HOUR),
    "tiny": 1e-12 * office_weeks(21, step=HOUR),
    "one spike": np.where(np.arange(504) == 300, 1e6, 0.0),
    "explosion": 2.0 ** (np.arange(504) / 24.0),
    "noise": RANDOM.exponential(size=504),
}
FAST = [name for name in MODELS if name not in ("unobserved-components", "sarimax-fourier")]


def task(values: FloatArray, steps: int = 24, events: tuple[Event, ...] = ()) -> Task:
    return Task(history(values, step=HOUR), steps, LEVELS, Calendar(), events)


def assert_plannable(paths: FloatArray, steps: int = 24) -> None:
    assert paths.shape == (steps, 4)
    assert np.isfinite(paths).all()
    assert (paths >= 0.0).all()
    assert (np.diff(paths, axis=1) >= 0.0).all()


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("odd", ODD)
def test_every_series_gets_ordered_quantiles(name: str, odd: str) -> None:
    assert_plannable(MODELS[name](task(ODD[odd])))


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(FAST),
    days=st.integers(0, 24),
    scale=st.floats(-20.0, 27.0),
    seed=st.integers(0, 1000),
    lost=st.floats(0.0, 0.9),
)
def test_whatever_is_missing_and_however_large(
    name: str, days: int, scale: float, seed: int, lost: float
) -> None:
    random = np.random.default_rng(seed)
    values = np.exp(scale + random.standard_normal(24 * days))
    values[random.random(values.size) < lost] = np.nan
    assert_plannable(MODELS[name](task(values, steps=50)), steps=50)


@pytest.mark.parametrize("name", MODELS)
def test_the_same_past_gives_the_same_bytes(name: str) -> None:
    first, second = (MODELS[name](task(PAST)).tobytes() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "worst"),
    [
        (OURS, 0.05),
        ("week-profile", 0.07),
        ("linear-quantile-regression", 0.15),
        ("mstl", 0.30),
        ("sarimax-fourier", 0.50),
    ],
)
def test_models_of_the_week_know_that_sunday_is_quiet(name: str, worst: float) -> None:
    """The last day is a Sunday, a fifth of a weekday: daily naive is right only by Saturday."""
    median = MODELS[name](task(PAST))[:, 0]
    assert np.abs(median - AHEAD).sum() <= worst * np.abs(AHEAD).sum()


@pytest.mark.parametrize("name", ["holt-winters", "ets", "unobserved-components"])
def test_models_of_the_day_follow_the_hours(name: str) -> None:
    weekdays = office_weeks(14, step=HOUR)[: 11 * 24]  # ends on a Thursday night
    truth = office_weeks(14, step=HOUR)[11 * 24 : 12 * 24]
    median = MODELS[name](task(weekdays))[:, 0]
    assert np.corrcoef(median, truth)[0, 1] > 0.8


@pytest.mark.parametrize("name", ["holt-winters", "ets", "mstl", "sarimax-fourier"])
def test_where_there_is_nothing_to_fit_daily_naive_answers(name: str) -> None:
    short = task(PAST[: 2 * 24])
    assert MODELS[name](short).tolist() == daily_naive(short).tolist()


@pytest.mark.parametrize("name", MODELS)
def test_an_announced_multiplier_counts_with_every_model(name: str) -> None:
    event = Event(
        name="launch",
        series_ids=None,
        start=MONDAY + 10 * HOUR,
        end=MONDAY + 12 * HOUR,
        multiplier=3.0,
        participants=None,
    )
    plain, raised = (MODELS[name](task(PAST, events=events)) for events in ((), (event,)))
    assert raised[10:12] == pytest.approx(3.0 * plain[10:12], rel=1e-3)
    assert raised[:10].tolist() == plain[:10].tolist()
