"""The regions' benchmark: its goal holds in worlds of any seed, and clocks are what it is about."""

import pytest

from benchmarks.regions import measure, random_world, shift_chart, shifted, worlds_table
from simulations.scenario.demand import DayShape


@pytest.mark.parametrize("seed", [1, 4, 1_001, 1_002, 1_003])
def test_whole_units_are_within_a_twentieth_of_the_optimum(seed: int) -> None:
    found = measure(random_world(seed))

    assert 0.0 <= found.over_bound <= 0.05
    assert min(found.saved_of_home, found.saved_of_alone) > 0.0


def test_regions_of_one_clock_save_nothing_and_half_a_day_apart_most() -> None:
    saved = [
        measure(shifted(hours, regions=2, shape=DayShape.OFFICE)).saved_of_alone
        for hours in (0.0, 12.0)
    ]

    # 1.00 + 0.12 of a peak at the fullest hour, where each alone holds 2.00
    assert saved == pytest.approx([0.0, 0.44], abs=0.005)


def test_flat_days_save_nothing_whatever_the_shift() -> None:
    found = measure(shifted(7.0, regions=2, shape=DayShape.FLAT))

    assert found.saved_of_alone == found.saved_of_home == 0.0


def test_the_table_says_whether_the_goal_is_met() -> None:
    assert ": met." in worlds_table([measure(random_world(11))]).note


def test_the_chart_has_a_bar_for_each_shift() -> None:
    assert shift_chart([0.0, 12.0]).splitlines()[-2].endswith("44%")
