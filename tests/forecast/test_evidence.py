import numpy as np

from forecast.calendar import DAY, HOUR, Event, Place
from forecast.evidence import raise_to_bounds, weigh
from forecast.history import PointState
from forecast.models.frame import make_frame
from tests.forecast.histories import MONDAY, history

START = MONDAY - 4 * HOUR


def event(start: int, end: int, multiplier: float | None = 2.0) -> Event:
    return Event("e", frozenset({"pool-0"}), start, end, multiplier, None)


def test_only_observed_numbers_are_evidence_and_bounds_stay_bounds() -> None:
    states = np.array(list(PointState), dtype=np.uint8)
    past = history(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), states=states, step=HOUR)
    seen = weigh(past, start=past.start, end=MONDAY, events=())
    assert seen.observed.tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]]
    assert seen.bounds.tolist() == [[False, True, False, False, True]]


def test_what_is_no_number_is_no_evidence() -> None:
    values = np.array([np.inf, np.nan, -np.inf, 1.0])
    past = history(values, states=np.zeros(4, dtype=np.uint8), step=HOUR)
    seen = weigh(past, start=START, end=MONDAY, events=())
    assert seen.observed.tolist() == [[0.0, 0.0, 0.0, 1.0]]


def test_a_short_event_leaves_its_points_out_for_its_series_only() -> None:
    past = history(np.ones((2, 4)), step=HOUR)
    short = event(START + HOUR, START + 2 * HOUR + 1)
    seen = weigh(past, start=START, end=MONDAY, events=(short,))
    assert seen.observed.tolist() == [[1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]]


def test_a_long_event_is_divided_out() -> None:
    past = history(np.full(4, 10.0), step=HOUR)
    long = event(START + 2 * HOUR, START + 2 * HOUR + DAY)
    seen = weigh(past, start=START, end=MONDAY, events=(long,))
    assert seen.values.tolist() == [[10.0, 10.0, 5.0, 5.0]]
    assert seen.observed.all()
    assert past.values.tolist() == [[10.0, 10.0, 10.0, 10.0]]


def test_events_elsewhere_in_time_change_nothing() -> None:
    past = history(np.full(4, 10.0), step=HOUR)
    seen = weigh(past, start=START, end=MONDAY, events=(event(MONDAY, MONDAY + HOUR),))
    assert seen.values.tolist() == [[10.0, 10.0, 10.0, 10.0]]
    assert seen.observed.all()


def test_bounds_count_where_they_say_more_than_the_profile() -> None:
    values = np.full((1, 48), 100.0)
    values[0, -2:] = [50.0, 500.0]
    bounds = np.zeros(values.shape, dtype=np.bool_)
    bounds[0, -2:] = True
    frame = make_frame(values, ~bounds, start=MONDAY, step_seconds=HOUR, steps=1, place=Place())
    raised = raise_to_bounds(frame, values, bounds)
    assert raised.seen[0, 45:].tolist() == [1.0, 0.0, 1.0]
    assert raised.level[0, 47] == np.log1p(500.0)
