"""pkg/fallback/fallback.go and cron_scaler.go through the HPA that KEDA makes."""

import numpy as np

from simulations.policies.keda import keda
from simulations.policy import Removal
from tests.simulations.policies.views import START, at, facts, history, pool, seen

QUIET = history(eu=[2100.0] + [0.0] * 95)


def sizes(*demands: float | None, ready: int = 10) -> list[int]:
    """Sizes of successive syncs of a fleet that follows orders at once."""
    policy = keda()
    policy.reset(facts(pool(), past=QUIET))
    found = []
    for sync, demand in enumerate(demands):
        ready = policy.decide(at(START + 15 * sync, seen(demand, ready=ready))).pools[0].size
        found.append(ready)
    return found


def test_is_an_hpa_at_the_hpas_period() -> None:
    policy = keda()

    assert (policy.name, policy.period_seconds, policy.removal) == ("keda", 15, Removal.REPLICA_SET)


def test_follows_the_trigger() -> None:
    """1050 / 70 participants per server."""
    assert sizes(1050.0) == [15]


def test_falls_back_once_it_failed_more_often_than_the_threshold() -> None:
    """2100, the highest in history, are 30 servers; the HPA may double in a period."""
    assert sizes(*[None] * 5) == [10, 10, 10, 20, 30]


def test_one_answer_ends_the_count_of_failures() -> None:
    assert sizes(None, None, None, 700.0, None, None, None) == [10] * 7


def test_within_the_cron_window_its_replicas_are_the_least() -> None:
    """A day of 700 from 12:00 to 18:00 UTC suggests 10 servers from 11:30 on."""
    midnight = START - START % 86_400
    day = [0.0] * 48 + [700.0] * 24 + [0.0] * 24
    aligned = np.roll([day] * 7, 0).ravel().tolist()
    past = history(eu=aligned + [0.0] * ((START - midnight) // 900))
    policy = keda()
    policy.reset(facts(pool(), past=past))
    tomorrow = midnight + 86_400

    def proposed(hour: float) -> int:
        now = tomorrow + round(hour * 3600)
        return policy.decide(at(now, seen(70.0, ready=5))).pools[0].size

    assert [proposed(11.4), proposed(11.5), proposed(17.9)] == [5, 10, 10]
