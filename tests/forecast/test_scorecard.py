import numpy as np
import pytest

from forecast.scorecard import Scores, Standing, compared, judged, trial

QUARTER = 900
DAY = 96


def scores(*, ours: float, naive: float, days: float = 4.0, demand: float = 100.0) -> Scores:
    """One series at one lead, with these losses a point."""
    points = days * DAY

    def flat(value: float) -> np.ndarray:
        return np.full((1, 1), points * value, dtype=np.float32)

    none = Scores.none(1, 1, 2)
    return Scores(flat(ours), flat(naive), flat(demand), none.bias, none.covered, flat(1.0))


def after(
    standing: Standing, card: Scores, *, won_days: float = 0.0, days_seen: float = 8.0
) -> Standing:
    result = judged(
        np.array([standing], dtype=np.int8),
        card,
        winning_steps=np.array([round(won_days * DAY)]),
        days_seen=np.array([days_seen]),
        step_seconds=QUARTER,
    )
    return Standing(int(result[0]))


def test_a_point_is_added_as_it_was_issued() -> None:
    """Two quantiles, P50 and P90; 100 came. By hand: (0.5 * 20 + 0.9 * 0 or 0.1 * 10) / 2."""
    card = Scores.none(1, 1, 2).add(
        actual=np.array([100.0]),
        ours=np.array([[[80.0, 110.0]]]),
        covered=np.array([[[False, True]]]),
        naive=np.array([[60.0, 90.0]]),
        quantiles=(0.5, 0.9),
        scored=np.ones((1, 1), dtype=np.bool_),
        step_seconds=QUARTER,
    )
    assert card.ours[0, 0] == pytest.approx((0.5 * 20.0 + 0.1 * 10.0) / 2.0)
    assert card.naive[0, 0] == pytest.approx((0.5 * 40.0 + 0.9 * 10.0) / 2.0)
    assert card.bias[0, 0] == pytest.approx(-20.0)
    assert card.covered[0, 0].tolist() == [0.0, 1.0]
    assert card.ratio()[0] == pytest.approx(5.5 / 14.5)
    assert card.days(QUARTER)[0] == pytest.approx(1.0 / 96.0)


def test_a_week_of_scored_time_halves_what_was_before_and_a_week_without_nothing() -> None:
    card = scores(ours=2.0, naive=1.0, days=1.0 / DAY)
    for scored in [True] * (7 * DAY) + [False] * (7 * DAY):
        card = card.add(
            actual=np.array([0.0]),
            ours=np.zeros((1, 1, 2)),
            covered=np.zeros((1, 1, 2), dtype=np.bool_),
            naive=np.zeros((1, 2)),
            quantiles=(0.5, 0.9),
            scored=np.array([[scored]]),
            step_seconds=QUARTER,
        )
    assert card.ours[0, 0] == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize(
    ("ours", "days", "expected"),
    [
        (1.50, 4.0, Standing.DEMOTED),
        (1.50, 2.0, Standing.TRUSTED),  # too little evidence
        (1.09, 4.0, Standing.TRUSTED),  # within the margin
        (0.50, 4.0, Standing.TRUSTED),
    ],
)
def test_a_model_that_loses_by_a_margin_is_demoted(
    ours: float, days: float, expected: Standing
) -> None:
    card = scores(ours=ours, naive=1.0, days=days, demand=20.0)
    assert after(Standing.TRUSTED, card) is expected


@pytest.mark.parametrize(("ours", "expected"), [(0.94, Standing.TRUSTED), (0.96, Standing.DEMOTED)])
def test_it_comes_back_only_when_it_wins_by_a_margin(ours: float, expected: Standing) -> None:
    assert after(Standing.DEMOTED, scores(ours=ours, naive=1.0)) is expected


def test_losing_to_a_perfect_naive_by_next_to_nothing_is_no_reason() -> None:
    assert after(Standing.TRUSTED, scores(ours=0.4, naive=0.0)) is Standing.TRUSTED
    assert after(Standing.TRUSTED, scores(ours=0.6, naive=0.0)) is Standing.DEMOTED


@pytest.mark.parametrize(
    ("ours", "won_days", "days_seen", "expected"),
    [
        (0.5, 6.9, 14.0, Standing.TRIAL),
        (0.5, 7.0, 14.0, Standing.TRUSTED),
        (1.5, 0.0, 20.9, Standing.TRIAL),
        (1.5, 0.0, 21.0, Standing.DEMOTED),  # not young any more: naive is acted on
        (1.05, 0.0, 21.0, Standing.TRUSTED),
    ],
)
def test_a_young_pool_is_on_trial_until_it_has_won_for_a_week_or_is_grown(
    ours: float, won_days: float, days_seen: float, expected: Standing
) -> None:
    card = scores(ours=ours, naive=1.0, demand=20.0)
    assert after(Standing.TRIAL, card, won_days=won_days, days_seen=days_seen) is expected


def test_reasons_have_the_numbers() -> None:
    assert trial(2.24) == "the model beat seasonal-naive for 2.2 of 7 days needed"
    assert compared(1.336, 5.12) == (
        "the model lost 1.34 times as much as seasonal-naive over 5.1 days"
    )
