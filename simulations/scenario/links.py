"""Egress in a scenario: the resource as its owner would apply it, and the people around it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from autoscaler.resources.common import Part
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.scalars import PositivePercent, PositiveSeconds
from simulations.scenario.scalars import blame


class Answers(Part):
    """How long people take to approve what they are asked: lognormal, in seconds."""

    p50_seconds: PositiveSeconds = 1200
    p95_seconds: PositiveSeconds = 3600

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.p95_seconds < self.p50_seconds:
            raise blame("p95Seconds", f"must be at least p50Seconds, which is {self.p50_seconds}")
        return self


Percent = Annotated[int, Field(strict=True, ge=1, le=1000)]


class Delivery(Part):
    """What orders really take, in percent of the lead time that their tier promises: lognormal."""

    p50_percent: Percent = 70
    p95_percent: Percent = 100

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.p95_percent < self.p50_percent:
            raise blame("p95Percent", f"must be at least p50Percent, which is {self.p50_percent}")
        return self


class ByHand(Part):
    """How people order for policies that order no links: they look, and ask like everybody."""

    every_seconds: PositiveSeconds = 86_400
    """From one look to the next, in seconds."""
    margin_percent: Annotated[int, Field(strict=True, ge=0, le=1000)] = 30
    """What they order above the highest traffic since the last look."""


class ScenarioLink(Part):
    """One link: the resource, and the world around it.

    It carries its port where bursts above the commit are billed by 95th percentile, and otherwise
    what was delivered. When more is wanted, meetings first get less video each, down to
    `thinnestPercent` of what they ask for; then joins are refused.
    """

    resource: EgressLink
    delivery: Delivery = Delivery()
    answers: Answers | None = None
    """By default as the scenario's."""
    by_hand: ByHand | None = None
    """Without it the link stays as it is found, for policies that order none."""
    thinnest_percent: PositivePercent = 60

    @property
    def name(self) -> str:
        """The name of the link's resource."""
        return self.resource.metadata.name
