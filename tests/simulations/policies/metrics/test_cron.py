"""KEDA's cron scaler: `desiredReplicas` within the window, 1 outside it."""

import numpy as np
import pytest

from simulations.policies.metrics.cron import Window, read_off

MONDAY = 1_700_438_400  # 2023-11-20T00:00:00Z
HOUR, DAY = 3600, 86_400
OFFICE = Window(weekdays=frozenset(range(5)), start=8 * HOUR, end=18 * HOUR, replicas=10)


@pytest.mark.parametrize(
    ("now", "replicas"),
    [
        pytest.param(MONDAY + 8 * HOUR - 1, 1, id="a second early"),
        pytest.param(MONDAY + 8 * HOUR, 10, id="at the start"),
        pytest.param(MONDAY + 18 * HOUR - 1, 10, id="the last second"),
        pytest.param(MONDAY + 18 * HOUR, 1, id="at the end"),
        pytest.param(MONDAY + 5 * DAY + 12 * HOUR, 1, id="on a Saturday"),
    ],
)
def test_is_a_floor_that_comes_and_goes(now: int, replicas: int) -> None:
    assert OFFICE.replicas_at(now) == replicas


def weeks(*, weekend: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Two weeks of quarter-hours from a Monday: 1000 from 09:00 to 17:00, 100 otherwise."""
    day = np.full(96, 100.0)
    day[36:68] = 1000.0
    return np.concatenate([day * (1.0 if index % 7 < 5 else weekend) for index in range(14)])


def test_a_window_is_read_off_history() -> None:
    window = read_off(weeks(weekend=0.2), start=MONDAY, step=900, target=70.0)

    assert window == Window(
        weekdays=frozenset(range(5)), start=8 * HOUR + 1800, end=17 * HOUR, replicas=15
    )


def test_weekends_as_busy_as_weekdays_are_in_the_window() -> None:
    window = read_off(weeks(weekend=0.8), start=MONDAY, step=900, target=70.0)

    assert window.weekdays == frozenset(range(7))


def test_history_that_starts_within_a_day_is_read_from_the_next_midnight() -> None:
    whole = weeks(weekend=0.2)

    assert read_off(whole[40:], start=MONDAY + 40 * 900, step=900, target=70.0) == read_off(
        whole, start=MONDAY, step=900, target=70.0
    )


def test_without_a_day_of_history_there_is_no_window() -> None:
    window = read_off(np.full(20, 100.0), start=MONDAY, step=900, target=70.0)

    assert {window.replicas_at(MONDAY + hour * HOUR) for hour in range(24)} == {1}
