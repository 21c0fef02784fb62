"""What the operator may count on from one refresh to the next."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Calendar, Event, Place
from forecast.errors import HistoryError
from forecast.fitted import Fitted
from forecast.forecaster import Forecaster
from forecast.history import History, PointState
from forecast.result import Forecast, ForecastMode
from tests.forecast.histories import MONDAY, QUARTER_HOUR, history, office_weeks

PER_HOUR = HOUR // QUARTER_HOUR
PER_DAY = DAY // QUARTER_HOUR
FOUR_WEEKS = office_weeks(28)


def refresh(
    past: History,
    *,
    now: int = MONDAY,
    steps: int = PER_DAY,
    calendar: Calendar | None = None,
    events: tuple[Event, ...] = (),
    fitted: Fitted | None = None,
) -> tuple[Forecast, Fitted]:
    return Forecaster().refresh(
        past,
        now=now,
        horizon_steps=steps,
        calendar=calendar or Calendar(),
        events=events,
        fitted=fitted,
    )


def issued(past: History, **more: object) -> Forecast:
    forecast, _ = refresh(past, **more)  # type: ignore[arg-type]
    return forecast


def error(forecast: Forecast, truth: FloatArray) -> float:
    """Mean absolute error of the median, relative to mean demand."""
    return float(np.abs(forecast.values[0, :, 0] - truth).mean() / truth.mean())


def test_a_working_day_after_four_weeks_is_foreseen() -> None:
    truth = office_weeks(29)[-PER_DAY:]
    past = history(office_weeks(29)[:-PER_DAY], end=MONDAY - DAY)
    sunday = issued(past, now=MONDAY - DAY)
    assert sunday.modes == (ForecastMode.NORMAL,)
    assert error(sunday, truth) < 0.1
    assert (truth <= sunday.at_quantile(0.95)[0]).mean() > 0.85


def test_the_path_begins_with_the_interval_that_holds_now() -> None:
    past = history(FOUR_WEEKS)
    forecast = issued(past, now=MONDAY + 1799, steps=8)
    assert forecast.issued_at == MONDAY + 1799
    assert forecast.start == MONDAY + 900
    assert forecast.values.shape == (1, 8, 4)


def test_points_of_the_interval_that_is_not_over_are_not_looked_at() -> None:
    running = np.append(FOUR_WEEKS, 1e9)
    early = issued(history(running, end=MONDAY + 900), now=MONDAY + 60)
    assert np.array_equal(early.values, issued(history(FOUR_WEEKS), now=MONDAY + 60).values)


def test_a_restarted_operator_gets_the_same_bytes() -> None:
    fitted: Fitted | None = None
    long = history(office_weeks(30))
    for minutes in range(-8 * 60, 1, 60):
        now = MONDAY + 60 * minutes
        kept, fitted = refresh(long, now=now, fitted=fitted)
        fresh, _ = refresh(long, now=now)
        assert kept.values.tobytes() == fresh.values.tobytes()


def test_a_fit_is_kept_until_it_is_due_and_changed_points_make_a_new_one() -> None:
    past = history(office_weeks(30))
    _, first = refresh(past)
    kept = [refresh(past, now=MONDAY + 900 * step, fitted=first)[1] for step in range(24)]
    assert kept[0].fit is first.fit
    assert kept[-1].fit is not first.fit
    values = past.values.copy()
    values[0, -3 * PER_DAY] += 50.0
    _, second = refresh(replace(past, values=values), fitted=first)
    assert second.keys == first.keys
    assert second.fit is not first.fit


def test_a_series_forecast_does_not_depend_on_its_company() -> None:
    rows = np.stack([office_weeks(28, peak=10.0**row, seed=row) for row in range(5)])
    rows[1, : 24 * PER_DAY] = np.nan  # one of them is young
    together = issued(history(rows))
    calendar = Calendar()
    for row in range(5):
        alone = issued(history(rows[row], names=(f"pool-{row}",)), calendar=calendar)
        assert alone.values[0].tobytes() == together.values[row].tobytes()
        assert alone.modes[0] == together.modes[row]


def test_series_that_come_and_go_leave_the_fits_of_others_alone() -> None:
    rows = np.stack([office_weeks(28, seed=row) for row in range(3)])
    both = history(rows[:2], names=("a", "b"))
    other = history(rows[1:], names=("b", "c"))
    _, fitted = refresh(both)
    kept, changed = refresh(other, fitted=fitted)
    assert list(changed.keys) == ["b", "c"]
    assert fitted.fit is not None
    assert changed.fit is not None
    assert np.array_equal(changed.fit.coefficients[0], fitted.fit.coefficients[1])
    assert kept.values.tobytes() == issued(other).values.tobytes()


def test_nothing_known_is_said_and_is_not_zero() -> None:
    forecast = issued(history(np.full(28 * PER_DAY, np.nan)))
    assert forecast.modes == (ForecastMode.COLD_START,)
    assert forecast.models == ("cold-start",)
    assert "nothing was ever observed" in forecast.reasons[0][0]
    assert (forecast.values[..., 0] > 0.0).all()
    assert (forecast.values[..., -1] > 20.0 * forecast.values[..., 0]).all()


def test_a_history_without_points_or_series_is_one_too() -> None:
    assert issued(history(np.empty((1, 0)))).modes == (ForecastMode.COLD_START,)
    assert issued(history(np.empty((0, 10)))).values.shape == (0, PER_DAY, 4)


@pytest.mark.parametrize("points", [1, 2, PER_DAY, 6 * PER_DAY])
def test_a_young_pool_gets_wide_quantiles_and_says_what_is_lacking(points: int) -> None:
    young = issued(history(FOUR_WEEKS[-points:]))
    grown = issued(history(FOUR_WEEKS))
    assert young.modes == (ForecastMode.COLD_START,)
    assert f"{points} points" in young.reasons[0][0]
    width = np.log1p(young.values[..., 2]) - np.log1p(young.values[..., 0])
    usual = np.log1p(grown.values[..., 2]) - np.log1p(grown.values[..., 0])
    assert width.mean() > 3.0 * usual.mean()


def test_after_a_week_a_pool_is_no_longer_young() -> None:
    assert issued(history(FOUR_WEEKS[-9 * PER_DAY :])).modes == (ForecastMode.NORMAL,)


def test_a_constant_stays_what_it_is() -> None:
    forecast = issued(history(np.full(28 * PER_DAY, 250.0)))
    assert np.allclose(forecast.values, 250.0, rtol=1e-3)


def test_a_pool_that_was_always_empty_is_expected_to_be() -> None:
    forecast = issued(history(np.zeros(28 * PER_DAY)))
    assert forecast.values.max() < 0.5


def test_a_gap_is_not_taken_for_silence() -> None:
    now = MONDAY - 3 * DAY + 13 * HOUR  # Friday at lunch
    whole = history(FOUR_WEEKS)
    gap = FOUR_WEEKS.copy()
    gap[-3 * PER_DAY + 8 * PER_HOUR : -2 * PER_DAY] = np.nan
    before, after = (issued(each, now=now) for each in (whole, history(gap)))
    ratio = after.values[0, : 4 * PER_HOUR, 0] / before.values[0, : 4 * PER_HOUR, 0]
    assert 0.8 < ratio.min() <= ratio.max() < 1.25
    assert "nothing was observed in the last" in after.reasons[0][0]


@pytest.mark.parametrize("state", [PointState.STALE, PointState.MISSING])
def test_what_a_stale_point_says_does_not_matter(state: PointState) -> None:
    states = np.zeros(FOUR_WEEKS.shape, dtype=np.uint8)
    states[-40:] = state
    low, high = (np.append(FOUR_WEEKS[:-40], np.full(40, value)) for value in (0.0, 1e6))
    assert np.array_equal(
        issued(history(low, states=states)).values, issued(history(high, states=states)).values
    )


@pytest.mark.parametrize("state", [PointState.CENSORED, PointState.PARTIAL])
@pytest.mark.parametrize("level", [0.0, 300.0, 20_000.0])
def test_a_lower_bound_never_pulls_the_forecast_down(state: PointState, level: float) -> None:
    states = np.zeros(FOUR_WEEKS.shape, dtype=np.uint8)
    now = MONDAY - 2 * DAY - 11 * HOUR
    end = FOUR_WEEKS.size - (MONDAY - now) // QUARTER_HOUR
    bound = FOUR_WEEKS.copy()
    bound[end - 12 : end] = level
    states[end - 12 : end] = state
    unknown = np.where(states > 0, np.nan, FOUR_WEEKS)
    with_bound = issued(history(bound, states=states), now=now)
    without = issued(history(unknown), now=now)
    assert (with_bound.values >= without.values).all()
    assert (with_bound.values.max() > without.values.max()) == (level > 10_000.0)


NEW_YORK = "America/New_York"
OFFICE_END = MONDAY + 7 * DAY
"""The midnight (UTC) after the night in which the clocks of New York go forward, 8 March 2026."""


def office_hours(place: Place, *, begin: int, points: int) -> FloatArray:
    """1000 participants from nine to five of the local clock on working days, else 20."""
    local = place.local_time(begin + QUARTER_HOUR * np.arange(points))
    at_work = (local.hour >= 9.0) & (local.hour < 17.0) & ~local.free_day
    return np.where(at_work, 1000.0, 20.0)


def test_the_local_clock_is_followed_through_a_clock_change() -> None:
    place = Place(NEW_YORK)
    begin = OFFICE_END - 35 * DAY
    past = history(office_hours(place, begin=begin, points=35 * PER_DAY), end=OFFICE_END)
    path = issued(past, now=OFFICE_END, calendar=Calendar(default=place)).values[0, :, 0]
    truth = office_hours(place, begin=OFFICE_END, points=PER_DAY)
    assert (path[truth == 1000.0] > 700.0).all()
    assert (path[truth == 20.0] < 60.0).all()


def test_a_holiday_is_expected_to_be_like_the_last_one() -> None:
    monday, last = date(2026, 3, 9), date(2026, 2, 25)
    place = Place(NEW_YORK, frozenset({monday, last}))
    begin = OFFICE_END - 35 * DAY
    past = history(office_hours(place, begin=begin, points=35 * PER_DAY), end=OFFICE_END)
    told, untold = (
        issued(past, now=OFFICE_END, calendar=Calendar(default=each)).values[0, :, 0]
        for each in (place, replace(place, holidays=frozenset({last})))
    )
    assert told.max() < 0.5 * untold.max()


def test_an_announced_event_scales_the_path_and_a_past_one_is_not_learned_from() -> None:
    past = history(FOUR_WEEKS)
    plain = issued(past)
    noon = MONDAY + 12 * HOUR
    ahead = Event("all hands", frozenset({"pool-0"}), noon, noon + HOUR, 3.0, None)
    raised = issued(past, events=(ahead,))
    expected = plain.values.copy()
    expected[0, 48:52] *= 3.0
    assert np.allclose(raised.values, expected, rtol=1e-3)

    spiked = FOUR_WEEKS.copy()
    begin = FOUR_WEEKS.size - 7 * PER_DAY + 48
    spiked[begin : begin + 4] *= 10.0
    behind = replace(ahead, start=noon - 7 * DAY, end=noon - 7 * DAY + HOUR)
    told = issued(history(spiked), events=(behind,))
    untold = issued(history(spiked))
    assert np.abs(told.values[0, 48:52, 0] / plain.values[0, 48:52, 0] - 1.0).max() < 0.15
    assert untold.values[0, 48:52, 2].mean() > told.values[0, 48:52, 2].mean()


def test_no_path_runs_away_from_what_was_seen() -> None:
    wild = FOUR_WEEKS.copy()
    wild[-8:] = 1000.0 * 10.0 ** np.arange(8.0)
    forecast = issued(history(wild))
    assert forecast.values.max() <= 20.5 * wild.max()


def test_a_grid_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(HistoryError, match="step_seconds is 7000, must divide a day"):
        issued(history(np.ones(100), step=7000))


@pytest.mark.parametrize("steps", [0, 26 * PER_DAY])
def test_a_horizon_that_cannot_be_fitted_is_refused(steps: int) -> None:
    with pytest.raises(HistoryError, match=r"horizon is \d+ s, must be above 0"):
        issued(history(FOUR_WEEKS), steps=steps)


@pytest.mark.parametrize(("days", "steps"), [(7, 4 * 24), (28, 25 * 24), (10, 1)])
def test_the_longest_and_the_shortest_horizon_can_be_fitted(days: int, steps: int) -> None:
    hourly = history(office_weeks(days, step=HOUR), step=HOUR)
    forecaster = Forecaster(window_seconds=days * DAY, refit_seconds=HOUR)
    forecast, _ = forecaster.refresh(hourly, now=MONDAY, horizon_steps=steps, calendar=Calendar())
    assert forecast.modes == (ForecastMode.NORMAL,)
    assert np.isfinite(forecast.values).all()
