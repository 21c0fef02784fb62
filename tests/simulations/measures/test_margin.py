"""How early capacity stood ready, case by case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.measures.margin import HORIZON_SECONDS, longest_shortage_seconds, margins

CASES = [
    ("ready two minutes before", [1, 1, 1, 3], [1, 3, 3, 3], [120]),
    ("ready in that very minute", [1, 1, 3, 3], [1, 1, 3, 3], [0]),
    ("two minutes late", [1, 3, 3, 3], [1, 1, 1, 3], [-120]),
    ("never ready", [1, 3, 3, 3], [1, 1, 2, 2], [-180]),
    ("lost again before it was needed", [1, 1, 1, 3], [1, 3, 1, 3], [0]),
    ("each rise by itself", [1, 2, 2, 3], [1, 2, 2, 2], [0, -60]),
    ("nothing rose", [3, 2, 1], [3, 3, 3], []),
    ("ready from the start", [1, 1, 2], [5, 5, 5], [HORIZON_SECONDS]),
]


@pytest.mark.parametrize(("what", "required", "ready", "expected"), CASES)
def test_margins(what: str, required: list[int], ready: list[int], expected: list[float]) -> None:
    found = margins(np.array(required), np.array(ready), tick_seconds=60)
    assert found.tolist() == expected, what


def test_a_margin_is_told_up_to_the_horizon() -> None:
    required = np.array([1] * 500 + [2])
    found = margins(required, np.full(501, 9), tick_seconds=60)
    assert found.tolist() == [HORIZON_SECONDS]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40))
def test_a_rise_is_late_exactly_where_servers_are_missing(pairs: list[tuple[int, int]]) -> None:
    required, ready = np.array(pairs).T
    rises = np.flatnonzero(np.diff(required) > 0) + 1
    found = margins(required, ready, tick_seconds=60)
    assert ((found < 0) == (ready[rises] < required[rises])).all()


@pytest.mark.parametrize(
    ("required", "ready", "seconds"),
    [
        ([1, 2, 2, 2, 1], [1, 1, 1, 2, 1], 120),
        ([2, 2, 1, 2, 2, 2], [1, 1, 1, 1, 1, 1], 180),
        ([1, 1], [1, 1], 0),
    ],
)
def test_the_longest_shortage(required: list[int], ready: list[int], seconds: int) -> None:
    found = longest_shortage_seconds(np.array(required), np.array(ready), tick_seconds=60)
    assert found == seconds
