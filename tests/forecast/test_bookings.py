from dataclasses import replace

import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.bookings import Booked, Bookings
from forecast.calendar import DAY, HOUR, Calendar, Place
from forecast.errors import HistoryError
from forecast.forecaster import Forecaster
from forecast.models.design import booked_feature
from forecast.models.frame import Frame, make_frame
from forecast.result import Forecast
from forecast.scoring import pinball
from tests.forecast.histories import MONDAY, history, office_weeks

KNOWN = 24 * 14
DAYS = 40
QUANTILES = (0.5, 0.95)


def frame(booked: FloatArray, known_ahead: int) -> Frame:
    return make_frame(
        np.ones((1, KNOWN)),
        np.ones((1, KNOWN), dtype=np.bool_),
        start=MONDAY - 14 * DAY,
        step_seconds=HOUR,
        steps=48,
        place=Place(),
        booked=Booked(booked, np.array([known_ahead])),
    )


def feature(booked: FloatArray, known_ahead: int = 24) -> FloatArray:
    leads, base = np.arange(48), np.full((1, 48), np.log1p(199.0))
    found = booked_feature(frame(booked, known_ahead), base, np.full(48, KNOWN), leads)
    assert found is not None
    return found


def test_only_what_differs_from_the_usual_is_news_and_only_as_far_as_it_is_known() -> None:
    booked = np.full((1, KNOWN + 48), 100.0)
    booked[0, KNOWN + 5] = booked[0, KNOWN + 30] = 700.0
    found = feature(booked)
    assert np.flatnonzero(np.abs(found[0]) > 1e-9).tolist() == [5]
    assert found[0, 5] == pytest.approx(np.log(900.0 / 300.0))
    assert feature(booked, known_ahead=30)[0, 30] == pytest.approx(np.log(3.0))


def test_fewer_bookings_than_usual_lower_demand_by_those_that_are_missing() -> None:
    booked = np.full((1, KNOWN + 48), 300.0)
    booked[0, KNOWN + 1], booked[0, KNOWN + 2] = 200.0, 0.0
    assert feature(booked)[0, 1:3] == pytest.approx(np.log([400.0 / 500.0, 200.0 / 500.0]))


def test_without_bookings_or_a_past_of_them_there_is_no_news() -> None:
    nothing = np.full((1, KNOWN + 48), np.nan)
    assert (feature(nothing) == 0.0).all()
    nothing[0, KNOWN:] = 50.0
    assert (feature(nothing) == 0.0).all()


def test_bookings_are_put_on_the_grid_of_a_history() -> None:
    bookings = Bookings(("a",), MONDAY, HOUR, np.arange(4.0)[None], (DAY,))
    on_grid = bookings.on_grid(("b", "a"), start=MONDAY - HOUR, points=3)
    np.testing.assert_array_equal(on_grid, [[np.nan] * 3, [np.nan, 0.0, 1.0]])
    assert np.isnan(bookings.on_grid(("a",), start=MONDAY + DAY, points=2)).all()


def test_bookings_of_another_grid_are_refused() -> None:
    bookings = Bookings(("a",), MONDAY, HOUR, np.zeros((1, 4)), (DAY,))
    for start, step in ((MONDAY + 60, HOUR), (MONDAY, 900)):
        with pytest.raises(HistoryError, match=f"must be whole steps of {step} s"):
            bookings.check_grid(start=start, step_seconds=step)
    with pytest.raises(HistoryError, match="must be \\(series, points\\)"):
        Bookings(("a", "b"), MONDAY, HOUR, np.zeros((1, 4)), (DAY,))


def peaks(seed: int) -> FloatArray:
    """Participants of webinars: an hour or two, at any hour, on one day in two; DAYS long."""
    random = np.random.default_rng(seed)
    booked = np.zeros(DAYS * 24)
    for day in np.flatnonzero(random.random(DAYS) < 0.5):
        first = 24 * day + random.integers(0, 22)
        booked[first : first + random.integers(1, 3)] = random.uniform(300.0, 1500.0)
    return booked


def losses(demand: FloatArray, booked: FloatArray | None) -> FloatArray:
    """Return the pinball loss, (lead 1 h or all of 24 h, QUANTILES), of the last ten days."""
    start = MONDAY - DAYS * DAY
    known = None if booked is None else Bookings(("s",), start, HOUR, booked[None], (DAY,))
    fitted, lost = None, []
    for origin in range((DAYS - 10) * 24, (DAYS - 1) * 24, 17):
        past = history(demand[:origin], step=HOUR, end=start + origin * HOUR, names=("s",))
        forecast, fitted = Forecaster(quantiles=QUANTILES).refresh(
            past,
            now=past.end,
            horizon_steps=24,
            calendar=Calendar(),
            bookings=known,
            fitted=fitted,
        )
        loss = pinball(demand[origin : origin + 24], forecast.values[0], QUANTILES)
        lost.append([loss[0], loss.mean(axis=0)])
    mean: FloatArray = np.mean(lost, axis=0)
    return mean


def test_bookings_that_announce_peaks_take_most_of_the_loss() -> None:
    ordinary = office_weeks(DAYS, step=HOUR, peak=1000.0)
    booked = peaks(seed=1)
    shown_up = 0.8 * booked * np.exp(0.1 * np.random.default_rng(2).standard_normal(booked.size))
    without, informed = (losses(ordinary + shown_up, each) for each in (None, booked))
    assert (informed < np.array([[0.7, 0.4], [0.4, 0.2]]) * without).all()


def test_bookings_that_say_nothing_cost_a_few_percent_at_most() -> None:
    demand = office_weeks(DAYS, step=HOUR, peak=1000.0) + peaks(seed=1)
    random = np.random.default_rng(3)
    without = losses(demand, None)
    for useless in (peaks(seed=4), random.uniform(0.0, 2000.0, demand.size)):
        informed = losses(demand, useless)
        assert (informed < 1.03 * without).all()


def test_nothing_is_used_before_it_is_known() -> None:
    def forecast(booked: FloatArray) -> Forecast:
        known = Bookings(("s",), MONDAY - DAYS * DAY, HOUR, booked[None], (6 * HOUR,))
        demand = office_weeks(DAYS, step=HOUR) + peaks(seed=1)
        issued, _ = Forecaster().refresh(
            history(demand, step=HOUR, names=("s",)),
            now=MONDAY,
            horizon_steps=24,
            calendar=Calendar(),
            bookings=known,
        )
        return issued

    booked = np.concatenate([peaks(seed=1), np.full(24, 200.0)])
    later, soon = booked.copy(), booked.copy()
    later[DAYS * 24 + 7 :] = 5000.0
    soon[DAYS * 24 + 6] = 5000.0
    usual, same, other = (forecast(each).values[0] for each in (booked, later, soon))
    np.testing.assert_array_equal(same, usual)
    assert (other != usual).any(axis=1).nonzero()[0].tolist() == [6]


def test_a_series_without_bookings_is_forecast_as_if_nobody_had_any() -> None:
    demand = np.stack([office_weeks(DAYS, step=HOUR, seed=seed) for seed in (1, 2)])
    past = history(demand, step=HOUR, names=("a", "b"))
    known = Bookings(("b",), past.start, HOUR, peaks(seed=1)[None], (DAY,))
    issued = [
        Forecaster().refresh(
            past, now=MONDAY, horizon_steps=48, calendar=Calendar(), bookings=each
        )[0]
        for each in (None, known, replace(known, values=np.full((1, 3), np.nan)))
    ]
    np.testing.assert_array_equal(issued[0].values[0], issued[1].values[0])
    np.testing.assert_array_equal(issued[0].values, issued[2].values)
