import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.bookings import Bookings, booked_against_usual
from forecast.calendar import DAY, Place
from forecast.errors import HistoryError
from forecast.models.frame import Frame, make_frame
from tests.forecast.histories import MONDAY

HOUR = 3600
KNOWN = 24 * 14


def frame(steps: int = 48) -> Frame:
    return make_frame(
        np.ones((1, KNOWN)),
        np.ones((1, KNOWN)),
        start=MONDAY - 14 * DAY,
        step_seconds=HOUR,
        steps=steps,
        place=Place(),
    )


def feature(booked: FloatArray, known_ahead: int = 24) -> FloatArray:
    leads = np.arange(48)
    return booked_against_usual(frame(), booked, np.full(48, KNOWN), leads, known_ahead=known_ahead)


def test_only_what_differs_from_the_usual_is_news_and_only_as_far_as_it_is_known() -> None:
    booked = np.full((1, KNOWN + 48), 99.0)
    booked[0, KNOWN + 5] = booked[0, KNOWN + 30] = 399.0
    found = feature(booked)
    assert np.flatnonzero(np.abs(found[0]) > 1e-9).tolist() == [5]
    assert found[0, 5] == pytest.approx(np.log(4.0))
    assert feature(booked, known_ahead=30)[0, 30] == pytest.approx(np.log(4.0))


def test_without_bookings_or_a_past_of_them_there_is_no_news() -> None:
    nothing = np.full((1, KNOWN + 48), np.nan)
    assert (feature(nothing) == 0.0).all()
    nothing[0, KNOWN:] = 50.0
    assert (feature(nothing) == 0.0).all()


def test_bookings_are_put_on_the_grid_of_a_history() -> None:
    bookings = Bookings(("a",), MONDAY, HOUR, np.arange(4.0)[None], DAY)
    on_grid = bookings.on_grid(("b", "a"), start=MONDAY - HOUR, points=3)
    np.testing.assert_array_equal(on_grid, [[np.nan] * 3, [np.nan, 0.0, 1.0]])
    assert np.isnan(bookings.on_grid(("a",), start=MONDAY + DAY, points=2)).all()
    with pytest.raises(HistoryError, match="must be whole steps of 3600 s"):
        bookings.on_grid(("a",), start=MONDAY + 60, points=3)
    with pytest.raises(HistoryError, match="must be \\(series, points\\)"):
        Bookings(("a", "b"), MONDAY, HOUR, np.zeros((1, 4)), DAY)
