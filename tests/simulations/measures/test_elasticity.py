"""The metrics of the SPEC Research Group, against vectors worked out by hand."""

import numpy as np
import pytest

from simulations.measures.elasticity import elasticity, speedup

DEMAND = np.array([10, 10, 20, 20, 10])
SUPPLY = np.array([10, 12, 12, 20, 20])


def test_a_vector_worked_out_by_hand() -> None:
    found = elasticity([DEMAND], [SUPPLY], tick_seconds=60, initial=[10], blocked_joins_pct=1.0)
    assert found.under_pct == pytest.approx(8.0)  # (0 + 0 + 8/20 + 0 + 0) / 5
    assert found.over_pct == pytest.approx(24.0)  # (2/10 + 10/10) / 5
    assert found.under_time_pct == pytest.approx(20.0)
    assert found.over_time_pct == pytest.approx(40.0)
    assert found.instability_pct == pytest.approx(100.0)  # up/flat, flat/up, up/flat, flat/down
    assert found.jitter_per_hour == pytest.approx(0.0)  # two changes each
    # (8^6 + 24^6 + 20^6 + 40^6 + 100^6 + 1) ^ (1/6)
    assert found.deviation_pct == pytest.approx(100.0724, abs=1e-3)


def test_standing_still_is_the_measure_of_speedup() -> None:
    still = elasticity(
        [DEMAND], [np.full(5, 10)], tick_seconds=60, initial=[10], blocked_joins_pct=0.0
    )
    assert still.speedup == pytest.approx(1.0)
    assert still.under_pct == pytest.approx(20.0)
    assert still.over_pct == 0.0


def test_the_speedup_of_a_published_table() -> None:
    # Imdoukh et al., Neural Computing and Applications, 2019, table 8: one step ahead by LSTM.
    assert speedup(
        np.array([3.29, 3.06, 57.95, 57.05]), np.array([0.48, 4.28, 15.85, 89.10])
    ) == pytest.approx(1.84, abs=0.005)


def test_pools_count_alike_whatever_their_size() -> None:
    good, bad = np.array([100, 100]), np.array([1, 1])
    found = elasticity(
        [good, bad], [good, 2 * bad], tick_seconds=60, initial=[100, 1], blocked_joins_pct=0.0
    )
    assert found.over_pct == pytest.approx(50.0)


def test_a_pool_that_needs_nothing_is_measured_against_one_server() -> None:
    nothing = np.zeros(3, dtype=np.int64)
    found = elasticity(
        [nothing], [nothing + 4], tick_seconds=60, initial=[4], blocked_joins_pct=0.0
    )
    assert found.over_pct == pytest.approx(300.0)
