from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from autoscaler.planner.envelope import FloatArray, causes, ramp_feasible
from tests.effort import must_hold

NEED = arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 500).map(float))
Envelope: TypeAlias = Callable[[FloatArray, float], FloatArray]
RAMP = st.one_of(st.just(0.0), st.floats(0.1, 200.0))


def least_supply(need: FloatArray, ramp: float) -> FloatArray:
    """By HiGHS: least total supply, never below need, that never rises by more than the ramp."""
    rises = np.eye(need.size, k=1)[:-1] - np.eye(need.size)[:-1]
    found = linprog(
        np.ones(need.size),
        A_ub=rises if need.size > 1 else None,
        b_ub=np.full(need.size - 1, ramp) if need.size > 1 else None,
        bounds=[(low, None) for low in need],
        method="highs",
    )
    return np.asarray(found.x)


@pytest.mark.parametrize(
    ("need", "ramp", "supply", "cause"),
    [
        # 90 more by the last step, 30 a step: begin two steps ahead
        ([10, 10, 10, 100], 30.0, [10, 40, 70, 100], [0, 3, 3, 3]),
        # a fall needs no preparation
        ([100, 10, 10], 30.0, [100, 10, 10], [0, 1, 2]),
        # a ramp that is fast enough changes nothing
        ([10, 60, 20], 100.0, [10, 60, 20], [0, 1, 2]),
        # nothing can be launched: what will be needed must be there now
        ([10, 20, 50, 5], 0.0, [50, 50, 50, 5], [2, 2, 2, 3]),
        # two peaks, the later one shines through the dip
        ([50, 10, 10, 80], 25.0, [50, 30, 55, 80], [0, 3, 3, 3]),
    ],
)
def test_the_least_supply_that_arrives_in_time(
    need: list[int], ramp: float, supply: list[int], cause: list[int]
) -> None:
    path = np.array(need, dtype=np.float64)
    assert ramp_feasible(path, ramp).tolist() == supply
    assert causes(path, ramp).tolist() == cause


@given(NEED, RAMP)
def test_it_is_the_recursion_that_it_unrolls(need: FloatArray, ramp: float) -> None:
    supply = need.copy()
    for step in range(need.size - 2, -1, -1):
        supply[step] = max(need[step], supply[step + 1] - ramp)
    np.testing.assert_allclose(ramp_feasible(need, ramp), supply, atol=1e-9)


@must_hold
@given(NEED, RAMP)
def test_no_cheaper_supply_arrives_in_time(need: FloatArray, ramp: float) -> None:
    assert ramp_feasible(need, ramp) == pytest.approx(least_supply(need, ramp), abs=1e-6)


@pytest.mark.parametrize(
    "broken",
    [
        # as if the supplier had no limit; as if a fall had to be slow; a step too early
        lambda need, ramp: need,
        lambda need, ramp: ramp_feasible(need[::-1], ramp)[::-1],
        lambda need, ramp: ramp_feasible(np.append(need[1:], 0.0), ramp),
    ],
)
def test_an_envelope_broken_on_purpose_is_dearer_or_late(broken: Envelope) -> None:
    def differs(case: tuple[FloatArray, float]) -> bool:
        return not np.allclose(broken(*case), least_supply(*case), atol=1e-6)

    find(st.tuples(NEED, RAMP), differs, settings=settings(derandomize=True, database=None))


@given(NEED, RAMP)
def test_each_supply_is_there_for_its_cause(need: FloatArray, ramp: float) -> None:
    cause = causes(need, ramp)
    ahead = cause - np.arange(need.size)
    assert (ahead >= 0).all()
    np.testing.assert_allclose(need[cause] - ramp * ahead, ramp_feasible(need, ramp), atol=1e-9)


def test_pools_are_rows_with_ramps_of_their_own() -> None:
    need = np.array([[10.0, 100.0], [10.0, 100.0]])
    assert ramp_feasible(need, np.array([30.0, 50.0])).tolist() == [[70.0, 100.0], [50.0, 100.0]]
