"""operations/mimir/autoscaling.libsonnet, through KEDA and the HPA."""

from simulations.policies.promql_offset import promql_offset
from tests.simulations.policies.views import START, at, facts, history, pool, seen

WEEK_OF_POINTS = 7 * 96


def test_scales_ahead_of_last_weeks_half_hour() -> None:
    policy = promql_offset()
    past = history(eu=[750.0, 1125.0, *[75.0] * (WEEK_OF_POINTS - 2)])
    policy.reset(facts(pool(), past=past))

    assert policy.decide(at(START, seen(600.0))).pools[0].size == 15


def test_last_week_never_takes_what_is_needed_now() -> None:
    policy = promql_offset()
    policy.reset(facts(pool(), past=history(eu=[75.0] * WEEK_OF_POINTS)))

    assert policy.decide(at(START, seen(1500.0))).pools[0].size == 20


def test_the_trigger_holds_the_largest_of_five_minutes() -> None:
    policy = promql_offset()
    policy.reset(facts(pool(), past=history(eu=[0.0] * WEEK_OF_POINTS)))
    (trigger, _) = policy.metrics
    trigger.propose(at(START, seen(900.0)))

    assert trigger.propose(at(START + 60, seen(450.0))) == [12]
    assert trigger.propose(at(START + 285, seen(450.0))) == [12]
    assert trigger.propose(at(START + 300, seen(450.0))) == [6]


def test_comes_down_by_a_tenth_a_minute() -> None:
    policy = promql_offset()
    policy.reset(facts(pool(), past=history(eu=[0.0] * WEEK_OF_POINTS)))
    size, by_minute = 100, []
    for sync in range(4 * 60):
        demand = 7500.0 if sync == 0 else 75.0
        size = policy.decide(at(START + 15 * sync, seen(demand, ready=size))).pools[0].size
        by_minute.append(size)
    falls = [earlier - later for earlier, later in zip(by_minute, by_minute[4:], strict=False)]

    assert by_minute[-1] < 20
    assert all(fall <= 10 for fall in falls)
    assert max(by_minute[:19]) == min(by_minute[:19]) == 100, "five minutes of stabilisation"
