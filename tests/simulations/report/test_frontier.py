import math

import pytest

from simulations.report.frontier import best, frontier_chart, height_of
from tests.simulations.report.results import numbers, scenario_result


def test_the_best_are_those_that_no_other_beats_on_both() -> None:
    points = {
        "dear": (2.0, 0.0),
        "cheap": (1.1, 5.0),
        "beaten": (1.5, 5.0),
        "clairvoyant": (1, 0.0),
    }

    assert best(points) == ("cheap", "dear")


@pytest.mark.parametrize(("share", "height"), [(0.0, 0.0), (0.005, 0.5), (0.01, 1.0), (10.0, 4.0)])
def test_small_shares_are_spread_and_zero_has_a_place(share: float, height: float) -> None:
    assert math.isclose(height_of(share), height)


def test_safer_is_lower_and_dearer_is_further_right() -> None:
    chart = frontier_chart(scenario_result())

    assert chart is not None
    spots = {each.policy: each for each in chart.spots}
    assert spots["meetscale"].y > spots["hpa"].y > spots["hpa-cpu"].y
    assert spots["hpa-cpu"].x < spots["hpa"].x < spots["meetscale"].x


def test_names_of_policies_with_equal_numbers_do_not_overlap() -> None:
    result = scenario_result()
    result.policies.update(
        {f"twin-{index}": numbers(blocked=7.31, shortage=1.0) for index in "abc"}
    )

    chart = frontier_chart(result)

    assert chart is not None
    places = [(each.label_x, each.label_y) for each in chart.spots]
    assert len(set(places)) == len(places)


def test_without_a_bound_there_is_nothing_to_compare_with() -> None:
    result = scenario_result()
    for name in result.policies:
        result.policies[name] = numbers(blocked=0.0, shortage=0.0, ratio=None)

    assert frontier_chart(result) is None
