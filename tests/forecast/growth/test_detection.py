"""The alarm, and the calm that ends it, on scores made by hand."""

import numpy as np
import pytest

from forecast.growth.detection import Surge, detect_surge, unknown

NOBODY = np.array([False])
SURGING = np.array([True])


def judged(
    last: list[float],
    *,
    day: list[float] | None = None,
    level: list[float] | None = None,
    unseen: int = 0,
    surging: bool = False,
) -> Surge:
    """Hourly scores of a day that ends with `last`; the day-ahead ones are the same if not given.

    So does log demand end with `level`; without it the day is flat. The newest `unseen` points are
    missing.
    """
    hour_ahead, day_ahead = np.zeros((1, 24)), np.zeros((1, 24))
    hour_ahead[0, 24 - len(last) :] = last
    day_ahead[0, 24 - len(last) :] = last if day is None else day
    heights = np.full((1, 24), 5.0)
    if level is not None:
        heights[0, 24 - len(level) :] = level
    seen = np.arange(24)[None] < 24 - unseen
    return detect_surge(
        day_ahead,
        hour_ahead,
        level=heights,
        seen=seen,
        surging=SURGING if surging else NOBODY,
        ratio=np.array([3.0]),
    )


@pytest.mark.parametrize(
    ("hour_ahead", "day_ahead", "active"),
    [
        ([3.5], [2.0], False),  # one wild hour
        ([3.5, 3.5], [2.0, 2.0], True),  # 2.5 + 2.5 sigma hours above one sigma, the alarm is 3
        ([2.0, 2.0], [2.0, 2.0], False),
        ([2.0, 2.0, 2.0], [2.0, 2.0, 2.0], True),
        ([3.5, 3.5], [0.4, 0.4], False),  # growth that was expected a day ahead
        ([0.9, 4.7], [2.3, 4.7], True),  # 2.37 above the 99th percentile, the alarm is 2.33
        ([0.9, 4.6], [2.3, 4.6], False),
        ([3.5, 3.5, 0.9, 0.9], [3.0, 3.0, 3.0, 3.0], True),  # two calm hours are too few
        ([3.5, 3.5, 0.9, 0.9, 0.9], [3.0, 3.0, 3.0, 3.0, 3.0], False),
    ],
)
def test_the_alarm_adds_up_hours_that_were_not_expected(
    hour_ahead: list[float], day_ahead: list[float], active: bool
) -> None:
    assert judged(hour_ahead, day=day_ahead).active.tolist() == [active]


def test_evidence_and_beginning_are_those_of_the_alarm() -> None:
    surge = judged([3.0, 3.0, 3.0])
    assert surge.began.tolist() == [21]
    assert surge.evidence.tolist() == pytest.approx([2.0])  # three hours two sigma above one: 6 / 3
    assert surge.drift.tolist() == pytest.approx([2.0])
    assert surge.recent.tolist() == [True]


def test_a_surge_goes_on_while_nothing_is_seen() -> None:
    assert judged([0.0], unseen=24, surging=True).active.tolist() == [True]
    assert judged([0.0], unseen=24).active.tolist() == [False]


HIGH = [3.0, 3.0, 3.0, 3.0]
"""What is above what a day-ahead forecast expected, all the time."""


def test_a_surge_goes_on_until_three_hours_were_seen_to_be_calm() -> None:
    gap = judged([2.0, 0.0, 0.0, 0.0], day=HIGH, unseen=1, surging=True)
    assert (gap.active.tolist(), gap.ended.tolist()) == ([True], [False])
    calm = judged([2.0, 0.0, 0.0, 0.0], day=HIGH, surging=True)
    assert (calm.active.tolist(), calm.ended.tolist()) == ([False], [True])
    assert calm.gone.tolist() == [False]


@pytest.mark.parametrize(
    ("day_ahead", "level", "gone"),
    [
        ([7.0, 7.0, 0.4, 0.4], [8.0, 8.0, 7.9, 7.9], True),  # as expected a day ahead
        ([7.0, 7.0, 0.4], [8.0, 8.0, 7.9], False),  # one point says nothing
        ([7.0, 7.0, 7.0, 7.0], [8.0, 8.0, 7.3, 7.3], True),  # e^-0.7 is less than half
        ([7.0, 7.0, 7.0, 7.0], [8.0, 8.0, 7.4, 7.4], False),
        ([7.0, 7.0, 7.0, 7.0], [8.0, 7.3, 8.0, 7.3], False),  # it came back
    ],
)
def test_a_surge_whose_people_have_gone_is_over_sooner(
    day_ahead: list[float], level: list[float], gone: bool
) -> None:
    hour_ahead = [0.0 if height < 8.0 else 2.0 for height in level]
    surge = judged(hour_ahead, day=day_ahead, level=level, surging=True)
    assert surge.gone.tolist() == surge.ended.tolist() == [gone]


def test_a_surge_that_fades_while_it_still_grows_hourly_goes_on() -> None:
    surge = judged([3.0, 1.5, 1.5], day=[3.0, 3.0, 3.0], level=[8.0, 7.0, 7.2], surging=True)
    assert surge.active.tolist() == [True]


def test_evidence_from_before_calm_is_forgotten() -> None:
    """A new alarm needs new evidence: the old CUSUM would stay above its alarm for hours."""
    peak = [7.0] * 8
    gone = [0.0, 0.0]
    after = judged([*peak, *gone, 0.9], day=[*peak, *gone, 0.9])
    assert after.active.tolist() == [False]
    again = judged([*peak, *gone, 3.5, 3.5], day=[*peak, *gone, 2.0, 2.0])
    assert (again.active.tolist(), again.began.tolist()) == ([True], [22])


def test_calm_before_the_surge_does_not_end_it() -> None:
    """The alarm's evidence may shrink with the next fit; that is no calm."""
    surge = judged([1.5], surging=True)
    assert surge.active.tolist() == [True]
    assert surge.began.tolist() == [23]


def test_of_a_series_without_a_fit_only_the_past_is_known() -> None:
    assert unknown(np.array([True, False])).active.tolist() == [True, False]
