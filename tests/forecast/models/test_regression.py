import numpy as np
import pytest

from forecast.models.design import FEATURES, make_design, make_levels
from forecast.models.regression import _rows, lead_buckets
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
    assert lead_buckets(per_day, steps) == buckets


@pytest.mark.parametrize("lead", [0, 5, 23, 24, 40])
def test_no_feature_knows_what_comes_after_the_origin(lead: int) -> None:
    values = np.random.default_rng(0).uniform(10.0, 1000.0, 20 * 24)
    origin = np.array([18 * 24])
    spoilt = values.copy()
    spoilt[origin[0] :] = 1e6
    rows = []
    for each in (values, spoilt):
        frame = hourly(each)
        design = make_design(frame, make_levels(frame, 0), origin, np.array([lead]))
        rows.append(np.append(design.features[0, 0], design.base[0, 0]))
    np.testing.assert_array_equal(rows[0], rows[1])


def test_without_any_past_every_feature_but_the_calendar_is_silent() -> None:
    frame = hourly(np.full(20 * 24, np.nan))
    design = make_design(frame, make_levels(frame, 0), np.array([480]), np.array([3]))
    spoken = {name for name, value in zip(FEATURES, design.features[0, 0], strict=True) if value}
    assert spoken <= {"intercept", "sin_day", "cos_day", "sin_half_day", "cos_half_day"}


def test_every_hour_of_the_day_meets_the_whole_bucket_of_leads() -> None:
    target, leads = _rows(hourly(np.ones(30 * 24)), (8, 24))
    for hour in range(24):
        met = leads[target % 24 == hour]
        assert met.min() < 12
        assert met.max() >= 20
