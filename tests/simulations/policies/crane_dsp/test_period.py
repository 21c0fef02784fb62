"""Signals as in pkg/prediction/dsp/signal_test.go, on a quarter-hour grid."""

import numpy as np
import pytest

from forecast.arrays import FloatArray
from simulations.policies.crane_dsp.period import autocorrelation, find_period, is_peak

STEP = 900
DAY = 96


def daily(days: int) -> FloatArray:
    hours = np.arange(days * DAY)
    signal: FloatArray = 50.0 - 30.0 * np.cos(2.0 * np.pi * hours / DAY)
    return signal


def find(samples: FloatArray) -> int | None:
    return find_period(samples, step=STEP, rng=np.random.default_rng(7))


def test_a_daily_signal_has_a_period_of_a_day() -> None:
    assert find(daily(15)) == DAY


def test_noise_on_it_changes_nothing() -> None:
    noise = np.random.default_rng(1).normal(0.0, 5.0, 15 * DAY)

    assert find(daily(15) + noise) == DAY


def test_noise_alone_has_none() -> None:
    assert find(np.random.default_rng(2).normal(50.0, 5.0, 15 * DAY)) is None


@pytest.mark.parametrize("samples", [np.zeros(0), np.full(500, 3.0), np.arange(5.0)])
def test_what_is_too_short_or_constant_has_none(samples: FloatArray) -> None:
    assert find(samples) is None


def test_the_autocorrelation_is_one_at_the_period() -> None:
    correlation = autocorrelation(daily(4))

    assert correlation[[0, DAY, DAY // 2]] == pytest.approx([1.0, 1.0, -1.0])


@pytest.mark.parametrize(("at", "expected"), [(2, True), (1, False), (0, False), (4, False)])
def test_a_hill_rises_before_and_falls_after(at: int, expected: bool) -> None:
    assert is_peak(np.array([0.0, 1.0, 2.0, 1.0, 0.0]), at, 2) is expected
