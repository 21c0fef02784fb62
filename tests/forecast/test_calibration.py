"""Trackers find the width that covers, whatever errors are like, and learn from nothing else."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.arrays import FloatArray
from forecast.calibration import NARROWEST, STEP, WIDEST, grains, learned, widened

QUANTILES = (0.5, 0.9, 0.95, 0.99)
SCORES = np.array([0.0, 1.2816, 1.6449, 2.3263])
LEVEL = 7.0


@dataclass
class Walk:
    """Errors of one lead, forecast one by one with quantiles of a normal error of 0.1."""

    covered: FloatArray
    factors: FloatArray


def walk(errors: FloatArray) -> Walk:
    factors = np.zeros((1, 1, 3), dtype=np.float32)
    covered, seen = [], []
    for error in errors:
        applied = grains(factors)
        level = LEVEL + 0.1 * SCORES
        issued = LEVEL + 0.1 * SCORES[1:] * np.exp(applied[0, 0] / 64.0)
        covered.append(LEVEL + error <= issued)
        factors = learned(
            factors,
            applied,
            levels=np.concatenate([level[:1], issued])[None, None],
            actual=np.array([LEVEL + error]),
            quantiles=QUANTILES,
            learns=np.ones((1, 1), dtype=np.bool_),
        )
        seen.append(factors[0, 0].astype(np.float64))
    return Walk(np.array(covered, dtype=np.float64), np.array(seen))


@settings(max_examples=4, deadline=None)
@given(scale=st.floats(0.9, 2.5), seed=st.integers(0, 1000), heavy=st.booleans())
def test_errors_of_another_scale_are_covered_as_promised(
    scale: float, seed: int, heavy: bool
) -> None:
    random = np.random.default_rng(seed)
    raw = random.standard_t(6, 5000) if heavy else random.standard_normal(5000)
    covered = walk(0.1 * scale * raw).covered[2000:].mean(axis=0)

    np.testing.assert_allclose(covered, QUANTILES[1:], atol=0.015)


def test_drift_as_demand_has_it_costs_a_few_percent_and_no_more() -> None:
    """Spread doubles in the fourth week and errors hang together for hours."""
    random = np.random.default_rng(3)
    steady = np.empty(8 * 672)
    steady[0] = 0.0
    for index, shock in enumerate(random.standard_normal(steady.size - 1)):
        steady[index + 1] = 0.9 * steady[index] + np.sqrt(1 - 0.81) * shock
    spread = np.where(np.arange(steady.size) < 4 * 672, 0.1, 0.2)
    raw = (spread * steady)[:, None] <= 0.1 * SCORES[1:]
    covered = walk(spread * steady).covered

    assert raw[-4 * 672 :, 1].mean() < 0.85
    np.testing.assert_allclose(covered[-3 * 672 :].mean(axis=0), QUANTILES[1:], atol=0.03)


def test_one_error_moves_a_tracker_as_far_as_its_quantile_is_sure() -> None:
    moved = walk(np.array([0.5])).factors[0]
    np.testing.assert_allclose(moved, STEP * np.array(QUANTILES[1:]), rtol=1e-6)


def test_neither_luck_nor_disaster_goes_beyond_the_bounds() -> None:
    lucky, ruined = walk(np.full(8_000, -1.0)), walk(np.full(300, 100.0))
    np.testing.assert_allclose(lucky.factors[-1], [NARROWEST, NARROWEST, -0.2], atol=0.03)
    np.testing.assert_allclose(ruined.factors[-1], WIDEST, rtol=1e-6)


def test_what_does_not_teach_changes_nothing() -> None:
    factors = np.full((2, 1, 3), 0.25, dtype=np.float32)
    after = learned(
        factors,
        grains(factors),
        levels=np.full((2, 1, 4), LEVEL),
        actual=np.full(2, LEVEL + 1.0),
        quantiles=QUANTILES,
        learns=np.array([[False], [True]]),
    )
    np.testing.assert_array_equal(after[0], factors[0])
    assert (after[1] > factors[1]).all()


def test_a_forecast_made_before_a_tracker_learned_teaches_what_would_be_issued_now() -> None:
    """Issued unwidened, missed by a little; with the factor of now it would have covered."""
    factors = np.full((1, 1, 3), np.log(2.0), dtype=np.float32)
    after = learned(
        factors,
        np.zeros((1, 1, 3), dtype=np.int8),
        levels=LEVEL + 0.1 * SCORES[None, None],
        actual=np.array([LEVEL + 0.24]),
        quantiles=QUANTILES,
        learns=np.ones((1, 1), dtype=np.bool_),
    )
    assert (after < factors).all()


def test_the_upper_quantiles_move_away_from_the_median_and_the_median_stays() -> None:
    values = np.expm1(np.array([[[5.0, 5.1, 5.2, 5.4]] * 4]))
    applied = np.array([[[0, 0, 0], [64, 64, 64]]], dtype=np.int8)
    paths = widened(values, applied, leads=(1, 4))

    np.testing.assert_array_equal(paths[..., 0], values[..., 0])
    np.testing.assert_allclose(paths[0, 0], values[0, 0], rtol=1e-3)
    away = (np.log1p(paths[0, :, 3]) - 5.0) / 0.4
    # Half way between the leads in the logarithm, the factor is the root of e.
    np.testing.assert_allclose(away[[1, 3]], np.exp([0.5, 1.0]), rtol=1e-3)


@given(
    st.lists(st.floats(0.0, 1e9), min_size=4, max_size=4),
    st.lists(st.integers(-14, 88), min_size=3, max_size=3),
)
def test_quantiles_stay_in_order_and_above_the_median(
    levels: list[float], factors: list[int]
) -> None:
    values = np.sort(np.round(np.array(levels)))[None, None]
    paths = widened(values, np.array([[factors]], dtype=np.int8), leads=(1,))
    assert np.isfinite(paths).all()
    assert (np.diff(paths, axis=-1) >= 0.0).all()
