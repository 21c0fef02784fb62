import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.report.frontier import (
    BOTTOM,
    RIGHT,
    TOP,
    WIDTH,
    Box,
    best,
    frontier_chart,
    height_of,
    room,
)
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


def test_names_of_policies_with_equal_numbers_do_not_overlap_and_lines_lead_to_them() -> None:
    result = scenario_result()
    result.policies.update(
        {f"twin-{index}": numbers(blocked=7.31, shortage=1.0) for index in "abcde"}
    )

    chart = frontier_chart(result)

    assert chart is not None
    places = [(each.label_x, each.label_y) for each in chart.spots]
    assert len(set(places)) == len(places)
    assert all(TOP <= each.label_y <= BOTTOM + 5 for each in chart.spots)
    assert sum(each.led for each in chart.spots) >= 3


@given(
    spots=st.lists(
        st.tuples(st.floats(64, 960), st.floats(18, 252), st.integers(3, 20)),
        min_size=1,
        max_size=14,
    )
)
def test_a_name_covers_no_other_and_stays_on_the_chart_while_there_is_room(
    spots: list[tuple[float, float, int]],
) -> None:
    taken: list[Box] = []
    for at, height, letters in spots:
        box = room(at, height, width=8.0 * letters, taken=taken)
        assert box.right <= WIDTH
        covered = [each for each in taken if box.meets(each)]
        assert not covered or box.top + box.bottom == pytest.approx(2 * height)
        taken.append(box)


def test_the_line_goes_down_where_it_pays_and_on_to_the_right() -> None:
    chart = frontier_chart(scenario_result())

    assert chart is not None
    heights = [y for _, y in chart.corners]
    assert heights == sorted(heights)
    assert chart.corners[-1][0] == RIGHT
    assert chart.front.startswith("M")
    assert chart.front.count("L") == len(chart.corners) - 1


def test_without_a_bound_there_is_nothing_to_compare_with() -> None:
    result = scenario_result()
    for name in result.policies:
        result.policies[name] = numbers(blocked=0.0, shortage=0.0, ratio=None)

    assert frontier_chart(result) is None
