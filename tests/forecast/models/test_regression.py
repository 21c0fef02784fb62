import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.models.design import (
    calendar_features,
    days_back,
    deviations,
    make_profiles,
    origin_features,
    sum_up,
    target_features,
)
from forecast.models.frame import Frame
from forecast.models.lessons import _rows
from forecast.models.regression import lead_buckets
from tests.forecast.models.test_frame import hourly


@pytest.mark.parametrize(
    ("per_day", "steps", "buckets"),
    [
        (24, 24, [(0, 1), (1, 2), (2, 4), (4, 8), (8, 24)]),
        (96, 96, [(0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 32), (32, 96)]),
        (24, 30, [(0, 1), (1, 2), (2, 4), (4, 8), (8, 24), (24, 30)]),
        (
            24,
            100,
            [(0, 1), (1, 2), (2, 4), (4, 8), (8, 24), (24, 48), (48, 72), (72, 96), (96, 100)],
        ),
        (24, 1, [(0, 1)]),
    ],
)
def test_buckets_cover_every_lead_once(
    per_day: int, steps: int, buckets: list[tuple[int, int]]
) -> None:
    assert list(lead_buckets(per_day, steps)) == buckets


def row_of_features(frame: Frame, origin: int, lead: int) -> FloatArray:
    """The profile and all features of one target from one origin."""
    origins, leads = np.array([origin]), np.array([lead])
    points = np.arange(frame.known)
    past = make_profiles(frame, points, np.ones(points.shape, dtype=np.int64))
    passed = sum_up(frame, deviations(frame, points, past.alike), 0)
    profiles = make_profiles(frame, origins + leads, days_back(frame, leads))
    targets = target_features(frame, profiles, origins, leads)
    return np.concatenate(
        [
            targets.base.ravel(),
            targets.features.ravel(),
            calendar_features(frame, origins, leads).ravel(),
            origin_features(frame, passed, origins).ravel(),
        ]
    )


@pytest.mark.parametrize("lead", [0, 5, 23, 24, 40])
def test_no_feature_knows_what_comes_after_the_origin(lead: int) -> None:
    values = np.random.default_rng(0).uniform(10.0, 1000.0, 20 * 24)
    origin = 18 * 24
    spoilt = values.copy()
    spoilt[origin:] = 1e6
    told, untold = (row_of_features(hourly(each), origin, lead) for each in (values, spoilt))
    np.testing.assert_array_equal(told, untold)


def test_every_hour_of_the_day_meets_the_whole_bucket_of_leads() -> None:
    target, leads = _rows(hourly(np.ones(30 * 24)), (8, 24))
    for hour in range(24):
        met = leads[target % 24 == hour]
        assert met.min() < 12
        assert met.max() >= 20


def test_without_any_past_every_feature_is_silent() -> None:
    assert not row_of_features(hourly(np.full(20 * 24, np.nan)), 480, 3).any()
