"""The file that `meetscale regions` reads: regions, their prices, and how far apart they are."""

from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from autoscaler.errors import SpecError
from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions import Demands, Region, Supply
from autoscaler.resources.common import Part
from autoscaler.resources.documents import read_documents
from autoscaler.resources.near import meant
from autoscaler.resources.scalars import (
    Currency,
    Money,
    ObjectName,
    Percent,
    PositiveMbps,
    PositiveParticipants,
    PositivePercent,
    PositiveServers,
)
from simulations.scenario.scalars import Positive, blame
from simulations.scenario.source import Source

HOURS_A_MONTH = 720
"""30 days, as a link's bill counts them."""
_Latency = Annotated[float, Field(ge=0.0, le=10_000.0, allow_inf_nan=False)]
_Offset = Annotated[float, Field(ge=-12.0, le=14.0, allow_inf_nan=False)]
_FAR = np.inf
"""Between regions of which nobody said how far apart they are: neither serves the other."""


class ServerSpec(Part):
    """One SFU server."""

    participants: PositiveParticipants
    hourly_cost: Money
    most: PositiveServers | None = None


class LinkSpec(Part):
    """Egress, bought in steps."""

    step_mbps: PositiveMbps
    price_per_mbps: Money
    max_mbps: PositiveMbps | None = None
    utilization_percent: PositivePercent = 80


class RegionSpec(Part):
    """A region: its people, by an office day's curve unless they were measured, and its supply."""

    name: ObjectName
    peak_participants: PositiveParticipants | None = None
    utc_offset_hours: _Offset = 0.0
    server: ServerSpec
    link: LinkSpec


class PairSpec(Part):
    """How far apart two regions are, and how much of their traffic was seen to follow a router."""

    between: tuple[ObjectName, ObjectName]
    latency_ms: _Latency
    followed_percent: Percent = 0


class RegionsFile(Part):
    """What regions there are, and what they may do for each other."""

    currency: Currency
    egress_mbps: Positive
    """What one participant is sent, in Mbit/s."""
    max_latency_ms: _Latency
    regions: Annotated[tuple[RegionSpec, ...], Field(min_length=1, max_length=12)]
    pairs: tuple[PairSpec, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = self.names
        for index, name in enumerate(names):
            if name in names[:index]:
                raise blame(f"regions.{index}.name", "comes twice: give one of them a new name")
        seen: set[frozenset[str]] = set()
        for index, pair in enumerate(self.pairs):
            for end, name in enumerate(pair.between):
                if name not in names:
                    must = f"must be one of {', '.join(names)}{meant(name, names)}"
                    raise blame(f"pairs.{index}.between.{end}", must)
            both = frozenset(pair.between)
            if len(both) == 1 or both in seen:
                raise blame(f"pairs.{index}.between", "must be two regions, each pair once")
            seen.add(both)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The regions' names, in the order of the file."""
        return tuple(region.name for region in self.regions)

    @property
    def followed(self) -> FloatArray:
        """The measured share of traffic that follows the router, (homes, serving)."""
        shares = np.zeros((len(self.names), len(self.names)))
        for pair in self.pairs:
            one, other = map(self.names.index, pair.between)
            shares[one, other] = shares[other, one] = pair.followed_percent / 100.0
        return shares

    def demands(self, paths: FloatArray, *, bound_ms: float | None = None) -> Demands:
        """Return the question for `paths` of participants (ticks, regions). Raises SpecError."""
        latency = np.full((len(self.names), len(self.names)), _FAR)
        np.fill_diagonal(latency, 0.0)
        for pair in self.pairs:
            one, other = map(self.names.index, pair.between)
            latency[one, other] = latency[other, one] = pair.latency_ms
        regions = tuple(_region(spec, egress_mbps=self.egress_mbps) for spec in self.regions)
        bound = self.max_latency_ms if bound_ms is None else bound_ms
        return Demands(regions, paths, latency, bound)


def _region(spec: RegionSpec, *, egress_mbps: float) -> Region:
    link, most = spec.link, spec.link.max_mbps
    return Region(
        spec.name,
        Supply(
            holds=spec.server.participants,
            price=float(spec.server.hourly_cost) * HOURS_A_MONTH,
            most=spec.server.most,
        ),
        Supply(
            holds=link.step_mbps * link.utilization_percent / 100.0 / egress_mbps,
            price=float(link.price_per_mbps) * link.step_mbps,
            most=None if most is None else most // link.step_mbps,
        ),
    )


_FIELDS = tuple(
    str(field.alias)
    for part in (RegionsFile, RegionSpec, ServerSpec, LinkSpec, PairSpec)
    for field in part.model_fields.values()
)


def read_regions(path: Path) -> RegionsFile:
    """Read a file of regions. Raises SpecError naming file, line, field and value."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: is not a text file") from error
    documents = list(read_documents(text, source=str(path)))
    if len(documents) != 1 or not isinstance(documents[0], dict):
        fields = ", ".join(str(field.alias) for field in RegionsFile.model_fields.values())
        raise SpecError(f"{path}: must be one YAML mapping with the fields {fields}")
    origin = Source(name=str(path), document=documents[0], text=text)
    try:
        return RegionsFile.model_validate(origin.document, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        # a misspelt field is unknown and missing at once; the first says more
        first = min(problems, key=lambda problem: problem["type"] != "extra_forbidden")
        raise SpecError(_sentence(first, origin)) from None


def _sentence(problem: ErrorDetails, origin: Source) -> str:
    blamed = str(problem.get("ctx", {}).get("field", ""))
    steps = [int(each) if each.isdigit() else each for each in blamed.split(".") if each]
    path = (*problem["loc"], *steps)
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    where = f"{origin.name}:{origin.line(path)}: {shown.removeprefix('.')}"
    if problem["type"] == "missing":
        return f"{where} is missing"
    if problem["type"] == "extra_forbidden":
        return f"{where} is no field here{meant(str(path[-1]), _FIELDS)}"
    value: Any = origin.document
    for step in path:
        value = value[step]
    is_value = "" if isinstance(value, dict | list) else f" is {value!r}"
    must = problem["msg"].replace("Input should ", "must ")
    return f"{where}{is_value}: {must}"
