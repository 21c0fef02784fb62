"""When occupied servers will be empty, checked by hand: ten emptyings in ten occupied hours."""

import math

import pytest

from autoscaler.planner.emptying import Spells, wait_for_empty

HOUR = 3600.0
TEN_IN_TEN_HOURS = Spells(occupied_seconds=10 * HOUR, emptied=10)


def test_one_server_is_a_memoryless_wait() -> None:
    wait = wait_for_empty(TEN_IN_TEN_HOURS, occupied=1, wanted=1)

    assert wait is not None
    assert wait.p50_seconds == pytest.approx(HOUR * math.log(2))
    assert wait.p90_seconds == pytest.approx(HOUR * math.log(10))


def test_the_first_of_ten_comes_ten_times_as_soon() -> None:
    wait = wait_for_empty(TEN_IN_TEN_HOURS, occupied=10, wanted=1)

    assert wait is not None
    assert wait.p50_seconds == pytest.approx(HOUR * math.log(2) / 10)


def test_the_last_of_ten_is_the_longest_of_ten_waits() -> None:
    wait = wait_for_empty(TEN_IN_TEN_HOURS, occupied=10, wanted=10)

    # P(all ten are empty by t) = (1 - e^-t)^10
    assert wait is not None
    assert (1 - math.exp(-wait.p50_seconds / HOUR)) ** 10 == pytest.approx(0.5)
    assert (1 - math.exp(-wait.p90_seconds / HOUR)) ** 10 == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("spells", "occupied", "wanted"),
    [
        (Spells(), 3, 1),
        (Spells(occupied_seconds=100 * HOUR, emptied=4), 3, 1),
        (TEN_IN_TEN_HOURS, 3, 0),
        (TEN_IN_TEN_HOURS, 3, 4),
        (TEN_IN_TEN_HOURS, 0, 0),
    ],
)
def test_what_nobody_can_say_is_not_said(spells: Spells, occupied: int, wanted: int) -> None:
    assert wait_for_empty(spells, occupied=occupied, wanted=wanted) is None
