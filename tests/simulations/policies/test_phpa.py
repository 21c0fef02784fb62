"""PHPA's documented behaviour: maximum of both, and nothing at all without metrics."""

from simulations.policies.holt_winters import Smoothing
from simulations.policies.metrics.participants import InTotal
from simulations.policies.phpa import STORED_SEASONS, Model, Predictive, phpa
from tests.simulations.policies.views import START, at, facts, history, pool, seen

FOURS = Smoothing(level=0.5, trend=0.0, seasonal=0.5, periods=4)
TWELVES = Smoothing(level=0.5, trend=0.0, seasonal=0.5, periods=12)
"""An hour of five minutes, as history's quarter-hours are taken."""
SEASON = [10.0, 30.0, 20.0, 10.0]


def test_is_an_hpa_every_five_minutes() -> None:
    policy = phpa()

    assert (policy.name, policy.period_seconds) == ("phpa", 300)


def test_predicts_the_season_one_sync_ahead() -> None:
    model = Model(FOURS, SEASON * 4)

    assert [model.predict(value) for value in (10, 30, 20, 10)] == [30, 20, 10, 10]


def test_predicts_nothing_before_statsmodels_would() -> None:
    """10 + 2 * (4 // 2) = 14 observations."""
    model = Model(FOURS, (SEASON * 4)[:12])

    assert [model.predict(10) > 0, model.predict(30) > 0] == [False, True]


def test_keeps_the_stored_seasons_and_drops_whole_ones() -> None:
    model = Model(FOURS, SEASON * STORED_SEASONS)
    lengths = []
    for value in SEASON * 2:
        model.predict(int(value))
        lengths.append(len(model.replicas))

    assert lengths == [17, 18, 19, 16, 17, 18, 19, 16]


def test_the_larger_of_the_hpa_and_the_model_wins() -> None:
    metric = Predictive((InTotal(0.7),), 0.7, TWELVES)
    past = history(eu=[value * 70.0 for value in SEASON * 4])
    metric.reset(facts(pool(), past=past))
    demands = [700.0, 700.0, 700.0, 6300.0]
    proposals = [
        metric.propose(at(START + 300 * sync, seen(demand)))[0]
        for sync, demand in enumerate(demands)
    ]

    assert proposals == [10, 10, 30, 90]


def test_without_metrics_nothing_is_predicted() -> None:
    metric = Predictive((InTotal(0.7),), 0.7, FOURS)
    metric.reset(facts(pool(), past=history(eu=[700.0] * 16)))

    assert metric.propose(at(START, seen(None))) == [None]
