"""The kinds of single values that scenarios are made of, each bounded."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from autoscaler.resources.bounds import Text, refusal


def blame(field: str, message: str) -> PydanticCustomError:
    """Return the error of a rule across fields, at the one `field` to change."""
    return PydanticCustomError("rule", "{message}", {"message": message, "field": field})


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else _refuse_moment()
    except ValueError:
        return _refuse_moment()


def _refuse_moment() -> object:
    raise refusal("must be a local date and time, like 2026-03-16T22:00:00")


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""Without an offset it is local time in the scenario's time zone."""

ScenarioName = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        63,
        "must be small letters, digits and -, like overnight-10x",
    ),
]
Sentence = Annotated[str, Field(strict=True, min_length=1, max_length=1000)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
PositiveShare = Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]
Level = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, le=1e9, allow_inf_nan=False)]
PercentOf = Annotated[float, Field(ge=0.0, le=100.0, allow_inf_nan=False)]
