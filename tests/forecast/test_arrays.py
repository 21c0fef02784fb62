import numpy as np
import pytest

from forecast.arrays import round_significant


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.0, 0.0),
        (123_456.0, 123_500.0),
        (99_999.0, 100_000.0),
        (1.23456e-9, 1.235e-9),
        (1e12, 1e12),
        (-0.00012345, -0.0001234),
    ],
)
def test_four_significant_digits_are_kept(value: float, rounded: float) -> None:
    assert round_significant(np.array([value]))[0] == pytest.approx(rounded, rel=1e-12)


def test_the_last_bits_never_show() -> None:
    values = np.random.default_rng(0).uniform(1.0, 1e6, 10_000)
    assert np.array_equal(round_significant(values), round_significant(values * (1.0 + 1e-14)))


def test_the_ends_of_the_number_line_stay_numbers() -> None:
    assert np.isfinite(round_significant(np.array([5e-324, 1.7e308]))).all()
