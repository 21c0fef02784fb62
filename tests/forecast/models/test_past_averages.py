import numpy as np
import pytest

from forecast.calendar import DAY, HOUR, Place
from forecast.models.frame import make_frame
from forecast.models.past_averages import past_averages
from tests.forecast.histories import MONDAY


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", MONDAY),
        ("UTC", MONDAY + 7 * HOUR),
        ("Asia/Kolkata", MONDAY + HOUR),  # half an hour beside the grid
        ("Europe/Berlin", MONDAY + 30 * DAY + 5 * HOUR),  # the clocks went forward on day 27
        ("Europe/Berlin", MONDAY + 250 * DAY),  # they went back on day 237
    ],
)
def test_the_past_averages_as_its_points_do_one_by_one(zone: str, end: int) -> None:
    random = np.random.default_rng(3)
    points = 33 * 24
    frame = make_frame(
        random.uniform(0.0, 5000.0, (3, points)),
        random.random((3, points)) < 0.8,
        start=end - points * HOUR,
        step_seconds=HOUR,
        steps=0,
        place=Place(zone),
    )
    one_by_one = frame.day_averages(np.arange(points), np.ones(points, dtype=np.int64))
    np.testing.assert_allclose(past_averages(frame), one_by_one, atol=1e-12)


def test_the_first_day_has_nothing_to_average() -> None:
    frame = make_frame(
        np.full((1, 30), 50.0),
        np.ones((1, 30), dtype=np.bool_),
        start=MONDAY,
        step_seconds=HOUR,
        steps=0,
        place=Place(),
    )
    alike, all_days = past_averages(frame)
    assert not alike[0, :24].any()
    np.testing.assert_allclose(np.expm1(all_days[0, 24:]), 50.0)
