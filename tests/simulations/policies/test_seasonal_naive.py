from simulations.policies.seasonal_naive import SeasonalNaive
from simulations.policy import Policy
from tests.simulations.policies.views import START, at, facts, history, pool, seen


def test_holds_last_week_and_a_margin_whatever_is_seen_now() -> None:
    policy: Policy = SeasonalNaive()
    policy.reset(facts(pool(), past=history(eu=[500.0, *[0.0] * (7 * 96 - 1)])))

    assert policy.decide(at(START, seen(9000.0))).pools[0].size == 6
    assert policy.decide(at(START + 900, seen(None))).pools[0].size == 0


def test_without_a_week_of_history_everything_stays() -> None:
    policy = SeasonalNaive(margin=2.0)
    policy.reset(facts(pool()))

    assert policy.decide(at(START, seen(50.0, ready=7))).pools[0].size == 7
