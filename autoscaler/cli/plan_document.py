"""A plan as JSON for programs. Times are ISO 8601 in UTC, amounts servers, or Mbit/s for links."""

from collections.abc import Sequence

from autoscaler.cli.values import iso
from autoscaler.controller.sentences import said
from autoscaler.engine.decision import Step
from autoscaler.engine.explain import Explained, explain, explain_link
from autoscaler.planner.run_out import RunOut
from autoscaler.whatif.answer import Answer, LinkAnswer, PoolAnswer


def as_document(answer: Answer) -> dict[str, object]:
    """Return the JSON document of a plan."""
    return {
        "now": iso(answer.now),
        "pools": [_pool(pool) for pool in answer.pools],
        "links": [_link(link) for link in answer.links],
        "cost": total_cost(answer),
    }


def total_cost(answer: Answer) -> dict[str, float | str | None]:
    """Return what has a price, summed; nothing where there is none or two currencies."""
    told = [(each.cost, each.currency) for each in answer.pools]
    told += [(each.cost, each.currency) for each in answer.links]
    costs = [cost for cost, _ in told if cost is not None]
    currencies = {currency for cost, currency in told if cost is not None and currency is not None}
    if not costs or len(currencies) > 1:
        return {"planned": None, "reactive_only": None, "currency": None}
    return {
        "planned": round(sum(cost.planned for cost in costs), 2),
        "reactive_only": round(sum(cost.reactive_only for cost in costs), 2),
        "currency": next(iter(currencies), None),
    }


def _pool(pool: PoolAnswer) -> dict[str, object]:
    return {
        "name": pool.name,
        "risk_quantile": pool.observed.settings.quantile,
        "lead_time_p95_seconds": pool.decision.lead_time.p95_seconds,
        "steps": _steps(pool.steps),
        "limits": _limits(pool.decision.limits),
        "explanation": _chain(explain(pool.observed, pool.decision)),
    }


def _link(link: LinkAnswer) -> dict[str, object]:
    return {
        "name": link.name,
        "risk_quantile": link.quantile,
        "lead_time_p95_seconds": link.lead_seconds,
        "steps": _steps(link.steps),
        "limits": _limits(link.decision.limits),
        "explanation": _chain(explain_link(link.decision)),
    }


def _steps(steps: Sequence[Step]) -> list[dict[str, object]]:
    return [
        {
            "at": iso(step.at),
            "target": step.target,
            "from": step.from_,
            "to": step.to,
            "reasons": [said(reason) for reason in step.reasons],
            "needs_approval": step.approve_by is not None,
            "approve_by": _date(step.approve_by),
        }
        for step in steps
    ]


def _limits(limits: Sequence[RunOut]) -> list[dict[str, object]]:
    return [
        {
            "name": limit.name,
            "demand": limit.demand,
            "date_p50": _date(limit.date_p50),
            "date_p90": _date(limit.date_p90),
        }
        for limit in limits
    ]


def _chain(chain: Sequence[Explained]) -> list[dict[str, object]]:
    return [{"step": each.step, "inputs": dict(each.inputs), "value": each.value} for each in chain]


def _date(seconds: int | None) -> str | None:
    return None if seconds is None else iso(seconds)
