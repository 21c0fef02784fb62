"""When a plan is deleted: a question expires an hour after START, its allowance ends at 08:07."""

import pytest

from autoscaler.controller.plans import pool_plan
from autoscaler.controller.retention import outdated
from autoscaler.resources.capacityplan import ApprovalDecision, CapacityPlan
from autoscaler.resources.common import Expiry
from tests.autoscaler.controller.fakes import START, sfupool
from tests.autoscaler.controller.test_plans import POOL, STEP, answered

HOUR, DAY = 3600, 86_400
UNTIL = START + 420 + 8 * HOUR
PLAN = pool_plan(POOL, STEP, now=START)
LATER = pool_plan(POOL, STEP._replace(to=210), now=START + HOUR)
ELSEWHERE = pool_plan(sfupool("us"), STEP, now=START + HOUR)
SILENT = PLAN.model_copy(
    update={"spec": PLAN.spec.model_copy(update={"on_expiry": Expiry.PROCEED})}
)


@pytest.mark.parametrize(
    ("plan", "others", "last"),
    [
        (PLAN, (), START + HOUR + DAY),
        (PLAN, (ELSEWHERE,), START + HOUR + DAY),
        (PLAN, (LATER,), START + HOUR),
        (SILENT, (), UNTIL + DAY),
        (SILENT, (LATER,), UNTIL),
        (answered(PLAN, ApprovalDecision.APPROVED), (LATER,), UNTIL + 7 * DAY),
        (answered(PLAN, ApprovalDecision.DENIED), (LATER,), START + HOUR + 7 * DAY),
    ],
)
def test_a_plan_is_kept_for_review_and_then_deleted(
    plan: CapacityPlan, others: tuple[CapacityPlan, ...], last: int
) -> None:
    assert plan not in list(outdated([plan, *others], now=last - 1))
    assert plan in list(outdated([plan, *others], now=last))
