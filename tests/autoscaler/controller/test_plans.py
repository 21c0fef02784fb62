"""When a person is asked, what for, and when not again."""

import pytest

from autoscaler.controller.planbook import PlanBook
from autoscaler.controller.plans import covering, link_plan, plan_cost, pool_plan
from autoscaler.controller.times import moment
from autoscaler.engine.decision import Step
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.outlook import look_ahead
from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.resources.capacityplan import ApprovalDecision, CapacityPlan, PlanApproval
from autoscaler.resources.common import Expiry
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from autoscaler.resources.settings import pool_settings
from tests.autoscaler.controller.fakes import START, sfupool
from tests.autoscaler.planner.examples import forecast, seen, servers, tick

POOL = sfupool(
    server={"participants": 100, "hourlyCost": "1.70"}, cost={"currency": "EUR"}, maxReplicas=215
)
STEP = Step(
    at=START,
    ready_at=START + 420,
    target="media/eu",
    from_=120,
    to=200,
    reasons=(Reason(ReasonCode.FORECAST_NEED, 120, 200, {"quantile": 0.95}),),
)


def answered(plan: CapacityPlan, decision: ApprovalDecision) -> CapacityPlan:
    approval = PlanApproval(decision=decision, user="ann", time=moment(START + 10))
    return plan.model_copy(update={"spec": plan.spec.model_copy(update={"approval": approval})})


def test_a_plan_asks_for_a_tenth_more_but_not_for_more_than_the_pool_may_have() -> None:
    spec = pool_plan(POOL, STEP, now=START).spec

    assert spec.allowance.up_to == 215
    assert str(spec.allowance.max_hourly_cost) == "365.50"
    assert spec.allowance.until == moment(START + 420 + 8 * 3600)
    assert (spec.steps[0].from_, spec.steps[0].to) == (120, 200)
    assert spec.steps[0].reason == "ForecastNeed"
    assert spec.expire_time == moment(START + 3600)


def test_a_plan_says_what_it_costs_beside_only_following_demand() -> None:
    # for 8 h 07: 200 from the quarter in which they serve, which is the first; following keeps 120
    settings = pool_settings(POOL)
    issued = forecast({"media/eu": [9000.0] * 4}, start=START)
    ahead = look_ahead([settings], forecast=issued, events=())["media/eu"]
    seen_now = seen(settings, servers(120), participants=9000.0)
    decided = step(tick(START, seen_now), State.empty())[0].pools[0]

    cost = plan_cost(ahead, decided, STEP, now=START + 30)
    spec = pool_plan(POOL, STEP, now=START, cost=cost).spec

    hours = (420 + 8 * 3600) / 3600
    assert spec.cost is not None
    assert spec.cost.currency == "EUR"
    assert float(spec.cost.reactive_only) == pytest.approx(120 * hours * 1.7, abs=0.01)
    assert float(spec.cost.planned) == pytest.approx(200 * hours * 1.7, abs=0.01)
    assert pool_plan(sfupool(), STEP, now=START, cost=cost).spec.cost is None  # in which currency?


def test_two_leaders_within_a_minute_write_one_object() -> None:
    one, other = pool_plan(POOL, STEP, now=START + 1), pool_plan(POOL, STEP, now=START + 59)

    assert one == other
    assert one.metadata.name == f"eu-{one.spec.digest}"


def test_another_step_is_another_plan() -> None:
    other = pool_plan(POOL, STEP._replace(to=210), now=START)

    assert other.spec.digest != pool_plan(POOL, STEP, now=START).spec.digest


def test_a_plan_counts_replicas_of_the_target() -> None:
    target = {
        "group": "apps",
        "version": "v1",
        "resource": "deployments",
        "name": "sfu",
        "semantics": "Size",
        "subresource": "scale",
        "serversPerReplica": 4,
    }

    spec = pool_plan(sfupool(target=target), STEP, now=START).spec

    assert (spec.steps[0].from_, spec.steps[0].to, spec.allowance.up_to) == (30, 50, 55)


@pytest.mark.parametrize(
    ("answer", "amount", "later", "expected"),
    [
        (None, 200, 0, True),
        (None, 216, 0, False),
        (None, 200, 3600, False),
        (ApprovalDecision.APPROVED, 215, 3600, True),
        (ApprovalDecision.APPROVED, 215, 9 * 3600, False),
        (ApprovalDecision.DENIED, 200, 60, True),
        (ApprovalDecision.DENIED, 200, 3600, False),
    ],
)
def test_the_same_is_not_asked_twice(
    answer: ApprovalDecision | None, amount: int, later: int, expected: bool
) -> None:
    plan = pool_plan(POOL, STEP, now=START)
    plan = plan if answer is None else answered(plan, answer)

    found = covering([plan], POOL, amount=amount, now=START + later)

    assert (found is not None) == expected


def test_silence_may_mean_yes_until_the_allowance_ends() -> None:
    plan = pool_plan(POOL, STEP, now=START)
    spec = plan.spec.model_copy(update={"on_expiry": Expiry.PROCEED})
    plan = plan.model_copy(update={"spec": spec})

    assert covering([plan], POOL, amount=200, now=START + 7200) == plan


def test_a_plan_of_a_pool_that_was_made_anew_is_not_this_ones() -> None:
    plan = pool_plan(POOL, STEP, now=START)
    metadata = POOL.metadata.model_copy(update={"uid": "another"})

    again = POOL.model_copy(update={"metadata": metadata})

    assert covering([plan], again, amount=10, now=START) is None


def test_a_link_asks_whom_its_tier_names() -> None:
    spec = {
        "portMbps": 2_000_000,
        "committedMbps": 400_000,
        "stepMbps": 100_000,
        "maxMbps": 2_000_000,
        "tiers": [
            {"upToMbps": 500_000, "leadTimeSeconds": 3600},
            {"upToMbps": 2_000_000, "leadTimeSeconds": 432_000, "approver": "network-team"},
        ],
    }
    metadata = {"name": "transit", "namespace": "media", "uid": "1", "generation": 1}
    link = load_as(EgressLink, {"metadata": metadata, "spec": spec})

    plan = link_plan(link, STEP._replace(from_=400_000.0, to=600_000.0), now=START)

    assert plan.spec.steps[0].approver == "network-team"
    assert plan.spec.allowance.up_to == 600_000
    # whatever the order in which the tiers are written
    turned = link.spec.model_copy(update={"tiers": link.spec.tiers[::-1]})
    other = link.model_copy(update={"spec": turned})
    small = link_plan(other, STEP._replace(from_=400_000.0, to=450_000.0), now=START)
    assert small.spec.steps[0].approver == link.spec.tiers[0].approver


def test_a_proposal_is_remembered_until_a_list_shows_it() -> None:
    book, plan = PlanBook(), pool_plan(POOL, STEP, now=START)
    book.propose(plan)
    approved = answered(plan, ApprovalDecision.APPROVED)

    assert book.merged([], now=START) == (plan,)
    assert book.merged([approved], now=START) == (approved,)
    assert book.merged([], now=START) == ()
