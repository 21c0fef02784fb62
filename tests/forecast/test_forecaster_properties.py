"""Whatever the history, there is a forecast, and it is one that capacity can be planned on."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.arrays import FloatArray
from forecast.calendar import Calendar, Place
from forecast.forecaster import Forecaster
from forecast.history import History, PointState
from tests.forecast.histories import MONDAY, history

HOUR = 3600
STEPS = 30
FORECASTER = Forecaster()
WEIRD = st.sampled_from([0.0, 1.0, -5.0, 1e-300, 1e-9, 1e12, 1e300, np.nan, np.inf, -np.inf, 137.5])


@st.composite
def weird_histories(draw: st.DrawFn) -> History:
    """Hourly histories of up to five weeks: stretches of constants, noise, gaps and every state."""
    points = draw(st.integers(0, 35 * 24))
    series = draw(st.integers(1, 3))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    values = np.exp(
        random.normal(draw(st.floats(-20, 20)), draw(st.floats(0, 5)), (series, points))
    )
    states = np.zeros((series, points), dtype=np.uint8)
    for _ in range(draw(st.integers(0, 5))):
        first = draw(st.integers(0, max(0, points - 1)))
        last = draw(st.integers(first, points))
        values[:, first:last] = draw(WEIRD)
        states[:, first:last] = draw(st.sampled_from(list(PointState)))
    return history(values, states=states, step=HOUR)


def assert_plannable(values: FloatArray) -> None:
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()
    assert (np.diff(values, axis=-1) >= 0.0).all()


@settings(max_examples=60, deadline=None)
@given(weird_histories())
def test_every_history_gets_finite_ordered_quantiles(past: History) -> None:
    forecast, _ = FORECASTER.refresh(
        past, now=MONDAY, horizon_steps=STEPS, calendar=Calendar(default=Place("Europe/Berlin"))
    )
    assert forecast.values.shape == (len(past.series_ids), STEPS, 4)
    assert_plannable(forecast.values)
    assert_plannable(forecast.at_quantile(0.97)[..., None])
