import numpy as np
import pytest

from forecast.models.spread import fit_spread, weighted_quantiles

LEVELS = (0.5, 0.9, 0.99)


@pytest.mark.parametrize(
    ("values", "weights", "median"),
    [
        ([3.0, 1.0, 2.0], [1.0, 1.0, 1.0], 2.0),
        ([3.0, 1.0], [1.0, 1.0], 2.0),
        ([3.0, 1.0], [0.0, 1.0], 1.0),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 4.0], 2.6),  # ranks 1/12, 1/4, 2/3: 0.6 of the way
        ([5.0, 9.0], [0.0, 0.0], 0.0),
    ],
)
def test_weighted_medians(values: list[float], weights: list[float], median: float) -> None:
    got = weighted_quantiles(np.array([values]), np.array([weights]), (0.5,))
    assert got[0, 0] == pytest.approx(median)


def test_equal_weights_give_the_usual_quantiles() -> None:
    values = np.random.default_rng(0).normal(size=(3, 2001))
    got = weighted_quantiles(values, np.ones(values.shape), LEVELS)
    np.testing.assert_allclose(got, np.quantile(values, LEVELS, axis=1).T, atol=0.02)


def test_the_scale_follows_what_errors_depend_on() -> None:
    random = np.random.default_rng(0)
    loud = random.integers(0, 2, 4000).astype(np.float64)
    errors = 2.0 + (1.0 + 3.0 * loud) * random.normal(size=(1, 4000))
    x = np.stack([np.ones(4000), loud], axis=-1)[None]
    spread = fit_spread(x, errors, np.ones(errors.shape), LEVELS)
    stacked = type(spread)(
        spread.center[:, None], spread.root[:, None], spread.unit[:, None], spread.scores[:, None]
    )
    scale = stacked.scale(0, np.array([[0.0, 1.0]]), np.empty((0, 2)))
    quantiles = stacked.center[:, :1, None] + scale[..., None] * stacked.scores[:, :1]
    assert quantiles[0, :, 0] == pytest.approx([2.0, 2.0], abs=0.2)
    # the normal distribution's 0.9 quantile is 1.28 standard deviations away: 1 and 4
    assert quantiles[0, :, 1] == pytest.approx([2.0 + 1.28, 2.0 + 5.13], rel=0.1)
