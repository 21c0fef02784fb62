"""What a good controller does, as sentences that a run can refute."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import ge, gt, le, lt
from typing import Annotated

from pydantic import AfterValidator

from autoscaler.resources.bounds import refusal
from autoscaler.resources.common import Part
from simulations.result import METRICS, AssertionResult, PolicyResult
from simulations.scenario.scalars import Sentence

JUDGED = "meetscale"
"""The policy judged where none is named."""

_COMPARE = {"<=": le, ">=": ge, "<": lt, ">": gt}
_OPERAND = r"(?:([a-z][a-z0-9-]*)\.)?([a-z][a-z0-9_]*)"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SHAPE = re.compile(rf"^{_OPERAND} (<=|>=|<|>) (?:({_NUMBER})|(?:({_NUMBER}) \* )?{_OPERAND})$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One metric of one policy."""

    policy: str
    metric: str

    def judging(self, policy: str) -> "Quantity":
        """Return the same metric of `policy`, where this is about the one judged."""
        return replace(self, policy=policy) if self.policy == JUDGED else self

    def of(self, results: Mapping[str, PolicyResult]) -> float | None:
        """Return its value; None where the run has none."""
        value: float | None = getattr(results[self.policy], self.metric)
        return value


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` against `factor`, or against `factor` times `right`."""

    left: Quantity
    operator: str
    factor: float
    right: Quantity | None

    @property
    def policies(self) -> frozenset[str]:
        """The policies that have to have run."""
        return frozenset(each.policy for each in (self.left, self.right) if each is not None)

    def about(self, policy: str) -> "Comparison":
        """Return what it says where another policy is judged."""
        right = None if self.right is None else self.right.judging(policy)
        return replace(self, left=self.left.judging(policy), right=right)

    def holds(self, results: Mapping[str, PolicyResult]) -> bool:
        """Whether it is true of these results; a missing number is never good enough."""
        left = self.left.of(results)
        right = 1.0 if self.right is None else self.right.of(results)
        if left is None or right is None:
            return False
        return bool(_COMPARE[self.operator](left, self.factor * right))


def parse(text: str) -> Comparison:
    """Read `[POLICY.]METRIC <= NUMBER` or `... <= [NUMBER * ][POLICY.]METRIC`."""
    found = _SHAPE.match(text)
    if found is None:
        raise refusal(
            "must be a comparison like 'blocked_joins_pct <= 1'"
            " or 'node_hours <= 0.9 * static-peak.node_hours'"
        )
    policy, metric, operator, number, factor, other_policy, other_metric = found.groups()
    for name in (metric, other_metric):
        if name is not None and name not in METRICS:
            raise refusal(f"must name a metric, one of {', '.join(METRICS)}, not {name}")
    left = Quantity(policy or JUDGED, metric)
    if number is not None:
        return Comparison(left, operator, float(number), None)
    return Comparison(
        left, operator, float(factor or 1), Quantity(other_policy or JUDGED, other_metric)
    )


def _readable(text: str) -> str:
    parse(text)
    return text


class Assertion(Part):
    """One sentence, and the comparison that decides it."""

    text: Sentence
    that: Annotated[str, AfterValidator(_readable)]
    """`[POLICY.]METRIC <= [NUMBER * ][POLICY.]METRIC`, or a NUMBER on the right; also >=, <, >."""


def judge(
    assertions: tuple[Assertion, ...], results: Mapping[str, PolicyResult]
) -> tuple[AssertionResult, ...]:
    """Decide those assertions whose policies all ran."""
    judged = [(each.text, parse(each.that)) for each in assertions]
    return tuple(
        AssertionResult(text=text, passed=comparison.holds(results))
        for text, comparison in judged
        if comparison.policies <= results.keys()
    )


def refuted_by(
    assertions: tuple[Assertion, ...], results: Mapping[str, PolicyResult]
) -> tuple[str, ...]:
    """Return the policies that would fail an assertion if they were judged, sorted.

    Where that would compare a policy with itself, nothing is asked of it.
    """
    return tuple(sorted(policy for policy in results if _fails(policy, assertions, results)))


def _fails(
    policy: str, assertions: tuple[Assertion, ...], results: Mapping[str, PolicyResult]
) -> bool:
    comparisons = [parse(each.that).about(policy) for each in assertions]
    asked = [
        each
        for each in comparisons
        if each.policies <= results.keys()
        and (each.right is None or each.left.policy != each.right.policy)
    ]
    return not all(each.holds(results) for each in asked)
