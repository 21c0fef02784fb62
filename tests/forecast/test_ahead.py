"""Forecasts made ahead in one go are those that would have been made one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forecast.ahead import forecast_ahead
from forecast.calendar import DAY, HOUR, Calendar, Event, Place
from forecast.errors import HistoryError
from forecast.forecaster import Forecaster
from forecast.history import History, PointState
from forecast.result import Forecast
from forecast.verdict import COLD_START, GROWTH, REGRESSION
from tests.forecast.histories import MONDAY, history, office_weeks

FORECASTER = Forecaster(window_seconds=10 * DAY)
NAMES = ("a", "b", "young")
ZONES = Calendar(places={"b": Place("Europe/Berlin")})
STEPS = 30
FIRST = MONDAY + 26 * DAY + 18 * HOUR
"""Saturday evening, before the clocks of Berlin go forward."""
AHEAD = 14
PAST = 37 * 24 + 18


def ordinary() -> History:
    rows = [office_weeks(40, seed=row, step=HOUR, peak=10.0 ** (row + 2)) for row in range(3)]
    weeks = np.stack(rows)[:, : PAST + AHEAD]
    weeks[2, : PAST - 4 * 24] = np.nan
    return history(weeks, names=NAMES, step=HOUR, end=FIRST + AHEAD * HOUR)


def hours_from(first: int, count: int) -> slice:
    """Points of the history, counted from the first origin."""
    return slice(PAST + first, PAST + first + count)


def changed(row: int, points: slice, value: float) -> History:
    past = ordinary()
    past.values[row, points] = value
    return past


def grown(row: int, points: slice, factor: float) -> History:
    past = ordinary()
    past.values[row, points] *= factor
    return past


def bounded(row: int, points: slice) -> History:
    past = grown(row, points, 2.0)
    past.states[row, points] = PointState.CENSORED
    return past


def said(forecast: Forecast) -> tuple[object, ...]:
    return (
        forecast.values.tobytes(),
        forecast.issued_at,
        forecast.start,
        forecast.modes,
        forecast.models,
        forecast.reasons,
        forecast.learned,
    )


def both(
    past: History,
    *,
    forecaster: Forecaster = FORECASTER,
    first: int = FIRST,
    steps: int = STEPS,
    events: Sequence[Event] = (),
    surging: frozenset[str] = frozenset(),
    donors: Mapping[str, str] | None = None,
) -> list[Forecast]:
    """Forecast ahead and one at a time, compare, and return the forecasts."""
    ahead = list(
        forecast_ahead(
            forecaster,
            past,
            first=first,
            horizon_steps=steps,
            calendar=ZONES,
            events=events,
            surging=surging,
            donors=donors,
        )
    )
    origins = range(first, past.end + 1, past.step_seconds)
    fitted = None
    for now, made in zip(origins, ahead, strict=True):
        alone, fitted = forecaster.refresh(
            past.window(past.start, now),
            now=now,
            horizon_steps=steps,
            calendar=ZONES,
            events=events,
            fitted=fitted,
            surging=surging,
            donors=donors,
        )
        assert said(made) == said(alone)
        named = zip(alone.series_ids, alone.models, strict=True)
        surging = frozenset(name for name, model in named if model == GROWTH)
    return ahead


def models(made: list[Forecast], row: int) -> list[str]:
    return [forecast.models[row] for forecast in made]


def test_ordinary_days_and_a_change_of_clocks() -> None:
    made = both(ordinary())
    assert models(made, 0) == [REGRESSION] * (AHEAD + 1)


def test_a_pool_that_grows_old_enough_on_the_way() -> None:
    past = ordinary()
    past.values[2], past.states[2] = past.values[1], past.states[1]
    past.values[2, : PAST + 2 - 7 * 24] = np.nan
    old = models(both(past), 2)
    assert (old[0], old[-1]) == (COLD_START, REGRESSION)


def test_a_young_pool_with_a_borrowed_shape() -> None:
    made = both(ordinary(), donors={"young": "b"})
    assert "the shape is that of b" in made[-1].reasons[2][-1]


@pytest.mark.parametrize("row", [0, 1])
def test_a_surge_that_comes_and_goes(row: int) -> None:
    surge = models(both(grown(row, hours_from(1, 4), 8.0)), row)
    assert surge[0] == surge[-1] == REGRESSION
    assert GROWTH in surge


def test_a_surge_that_began_before() -> None:
    assert models(both(ordinary(), surging=frozenset(NAMES)), 0)[0] == GROWTH


@pytest.mark.parametrize("first", [-30, 2])
def test_gaps(first: int) -> None:
    both(changed(1, hours_from(first, 9), np.nan))


def test_nobody_for_a_day() -> None:
    both(changed(0, hours_from(-18, 26), 0.0))


def test_lower_bounds_are_no_obstacle() -> None:
    both(bounded(0, hours_from(9, 3)))


@pytest.mark.parametrize(("hours", "tag"), [(3, None), (30, None), (3, "launch")])
def test_events_before_and_ahead(hours: int, tag: str | None) -> None:
    events = [
        Event("e", frozenset({"a"}), start, start + hours * HOUR, None if tag else 3.0, None, tag)
        for start in (FIRST - 8 * DAY, FIRST + 9 * HOUR)
    ]
    made = both(ordinary(), events=events)
    assert bool(made[0].learned) == (tag is not None)


def test_quarter_hours() -> None:
    past = history(np.stack([office_weeks(30, seed=3), office_weeks(30, seed=4)]))
    both(
        replace(past, values=past.values.astype(np.float32)),
        forecaster=Forecaster(),
        first=past.end - 7 * HOUR,
        steps=192,
    )


def test_nothing_is_forecast_for_nobody() -> None:
    made = both(ordinary().select(()))
    assert {forecast.values.shape for forecast in made} == {(0, STEPS, 4)}


def test_only_what_was_known_counts() -> None:
    spoilt = changed(0, hours_from(8, 6), 9e5)
    usual = both(ordinary())
    assert list(map(said, both(spoilt)[:9])) == list(map(said, usual[:9]))


def test_a_horizon_beyond_the_window_is_refused() -> None:
    with pytest.raises(HistoryError, match="horizon is"):
        both(ordinary(), steps=9 * 24)


def test_an_origin_between_two_points_is_refused() -> None:
    with pytest.raises(HistoryError, match="grid of 3600 s"):
        both(ordinary(), first=FIRST + 60)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Weeks to which this and that happened, around the first origin mostly."""
    past = ordinary()
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.integers(0, 2))
        points = hours_from(draw(st.integers(-12 * 24, AHEAD)), draw(st.integers(1, 30)))
        match draw(st.sampled_from(["gap", "zero", "grow", "grow", "shrink", "state"])):
            case "gap":
                past.values[row, points] = np.nan
            case "zero":
                past.values[row, points] = 0.0
            case "grow":
                past.values[row, points] *= draw(st.sampled_from([1.5, 3.0, 20.0, 1e4]))
            case "shrink":
                past.values[row, points] *= 0.1
            case "state":
                past.states[row, points] = draw(st.sampled_from(list(PointState)))
    return replace(past, values=past.values.astype(draw(st.sampled_from(["f8", "f4"]))))


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    past=histories(),
    first=st.integers(0, AHEAD),
    surging=st.frozensets(st.sampled_from(NAMES)),
    event=st.integers(-60, 60),
)
def test_whatever_happened(past: History, first: int, surging: frozenset[str], event: int) -> None:
    start = FIRST + event * HOUR
    both(
        past,
        first=FIRST + first * HOUR,
        surging=surging,
        events=[Event("e", None, start, start + 2 * HOUR, 2.0, None)],
        donors={"young": "a"},
    )
