"""Every tick is ten pixels wide and a server ten pixels high, so the numbers can be read off."""

import numpy as np

from simulations.report.axes import Scale
from simulations.report.paths import between, line, steps

X = Scale(0, 10, 0, 100)
Y = Scale(0, 10, 100, 0)


def test_a_step_is_drawn_only_where_the_count_changes() -> None:
    counts = np.array([2, 2, 5, 5])

    assert steps(np.arange(4), counts, X, Y) == "M0.0 80.0H20.0V50.0H40.0"


def test_a_line_breaks_where_nothing_is_known() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0])

    assert line(np.arange(4), values, X, Y) == "M10.0 90.0L20.0 80.0M40.0 60.0"


def test_an_area_goes_there_along_the_upper_and_back_along_the_lower_edge() -> None:
    lower, upper = np.array([1, 1, 2]), np.array([3, 4, 4])

    path = between(np.arange(3), lower, upper, X, Y)

    assert path == "M0.0 70.0H10.0V60.0H30.0V80.0H20.0V90.0H0.0Z"
