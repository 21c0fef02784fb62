"""What goes over the wire, as docs/openapi/bandwidth-provider.yaml has it: checked on arrival."""

from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from autoscaler.errors import BandwidthError

Rate = Annotated[float, Field(strict=True, ge=0.0, le=1e9, allow_inf_nan=False)]
Word = Annotated[str, Field(strict=True, max_length=128)]
Sentence = Annotated[str, Field(strict=True, max_length=1024)]


class _Message(BaseModel):
    """Fields that we do not know are a newer provider's: skipped."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)


class LinkState(_Message):
    """What a provider says of a link, in Mbit/s."""

    link_id: Word
    ordered_mbps: Rate
    delivered_mbps: Rate
    revision: Annotated[str, Field(strict=True, min_length=1, max_length=128)]
    message: Sentence = ""


class OrderState(StrEnum):
    """How far an order has come."""

    ACCEPTED = "Accepted"
    PENDING = "Pending"
    DELIVERED = "Delivered"
    REFUSED = "Refused"


class OrderAnswer(_Message):
    """What a provider says to an order."""

    order_id: Word
    state: OrderState
    total_mbps: Rate
    message: Sentence = ""


class Problem(_Message):
    """Why not (RFC 9457)."""

    title: Sentence = ""
    detail: Sentence = ""


M = TypeVar("M", bound=_Message)


def parsed(kind: type[M], body: Any, *, source: str) -> M:
    """Return a message. Raises BandwidthError for one that is none."""
    try:
        return kind.model_validate(body, by_name=False, by_alias=True)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        field = ".".join(str(step) for step in detail["loc"]) or "its body"
        message = f"{source} does not answer by the contract: {field}: {detail['msg']}"
        raise BandwidthError(message) from None
