"""Which candidate is recommended, and why the others are not."""

from simulations.sweep.candidates import Candidate, candidates, judge
from simulations.sweep.task import Row
from tests.simulations.small import scenario

P80, P95, P99 = Candidate(0.8), Candidate(0.95), Candidate(0.99)


def row(blocked: float, cost: float, *, seed: int = 1) -> Row:
    return {
        "scenario": "small",
        "seed": seed,
        "blocked_joins_pct": blocked,
        "cost": cost,
        "peak_nodes": 40,
    }


def test_the_cheapest_that_meets_the_target_in_every_run_is_recommended() -> None:
    rows = {
        P99: [row(0.0, 130.0), row(0.0, 130.0, seed=2)],
        P95: [row(0.0, 110.0), row(0.1, 110.0, seed=2)],
        P80: [row(0.0, 90.0), row(0.16, 90.0, seed=2)],
    }
    best, *rest = judge(rows, target_pct=0.1)

    assert (best.candidate, best.rejected) == (P95, "")
    assert [(each.candidate, each.rejected) for each in rest] == [
        (P80, "0.16 % of joins blocked in small, seed 2"),
        (P99, "meets the target, and costs 18.2 % more"),
    ]
    assert rest[0].blocked_joins_pct == 0.08


def test_none_is_recommended_where_none_meets_the_target() -> None:
    (only,) = judge({P95: [row(3.0, 90.0)]}, target_pct=0.1)
    assert only.rejected == "3 % of joins blocked in small, seed 1"


def test_of_two_that_cost_the_same_the_one_that_blocks_less() -> None:
    rows = {P80: [row(0.05, 90.0)], P95: [row(0.01, 90.0)]}
    assert judge(rows, target_pct=0.1)[0].candidate == P95


def test_every_combination_is_tried_and_what_is_not_named_stays() -> None:
    assert candidates([0.8, 0.95], [], []) == [P80, P95]
    assert len(candidates([0.8, 0.95], [0, 1], [(1, 10), (2, 20), (3, 30)])) == 12


def test_a_candidate_is_what_set_takes() -> None:
    whole = Candidate(0.95, zones_lost=1, bounds=(4, 80))
    assert list(whole.assignments(scenario())) == [
        'pools.eu.resource.spec.risk={quantile: "0.95"}',
        "pools.eu.resource.spec.reserve.zonesLost=1",
        "pools.eu.resource.spec.minReplicas=4",
        "pools.eu.resource.spec.maxReplicas=80",
    ]
    assert str(whole) == "P95, 1 zones lost, 4 to 80 servers"
