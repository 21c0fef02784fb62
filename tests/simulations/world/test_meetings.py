import numpy as np
import pytest

from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.lognormal import Lognormal
from simulations.world.meetings import kinds, mix

TICK = 60


def test_bins_keep_the_mean_of_the_distribution() -> None:
    spread = Lognormal(p50=1800.0, p95=4200.0)
    edges = (0.0, 0.3, 0.9, 1.0)

    means = spread.conditional_means(edges)

    assert sum(np.diff(edges) * means) == pytest.approx(spread.mean)
    assert means == sorted(means)


def test_a_distribution_of_one_value_stays_one() -> None:
    assert Lognormal(p50=2.0, p95=2.0).conditional_means((0.0, 0.5, 1.0)) == [2.0, 2.0]


def test_draws_have_the_stated_quantiles() -> None:
    drawn = Lognormal(p50=240.0, p95=600.0).draw(np.random.default_rng(0), 100_000)

    assert np.quantile(drawn, [0.5, 0.95]) == pytest.approx([240.0, 600.0], rel=0.02)


def test_packing_loses_what_one_room_after_the_other_leaves_over() -> None:
    """Filling servers in the order rooms come, next one as soon as a room does not fit."""
    classes = kinds(OFFICE_MEETINGS, tick_seconds=TICK)
    rng = np.random.default_rng(3)
    shares = np.concatenate([kind.share * kind.size_shares for kind in classes])
    sizes = np.concatenate([kind.sizes for kind in classes])
    rated, left_over, load = 300, [], 0
    for room in rng.choice(sizes, size=400_000, p=shares).tolist():
        if load + room > rated:
            left_over.append(rated - load)
            load = 0
        load += room

    assert np.mean(left_over) == pytest.approx(mix(classes).packing_loss, rel=0.03)


def test_survivals_fall_from_one_to_nothing() -> None:
    meetings = mix(kinds(OFFICE_MEETINGS, tick_seconds=TICK))

    for survival in (meetings.stay, meetings.room_rest, meetings.participant_rest):
        assert survival[0] == pytest.approx(1.0)
        assert survival[-1] == pytest.approx(0.0)
        assert np.all(np.diff(survival) <= 1e-12)


def test_the_rest_of_a_meeting_in_progress_is_what_renewal_theory_says() -> None:
    """Mean residual length is E[l^2] / 2 E[l], here for the participants of one class."""
    (kind,) = kinds(OFFICE_MEETINGS[1:2], tick_seconds=TICK)
    meetings = mix((kind,))

    # a survival summed over whole ticks counts the tick in progress: half a tick more than the mean
    assert float(meetings.room_rest.sum()) - 0.5 == pytest.approx(kind.lag, rel=0.01)
