"""What all four resources share: their base, metadata, conditions, references to others."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.rules import Rule
from autoscaler.resources.scalars import (
    CamelCase,
    Generation,
    Group,
    LabelKey,
    LabelValue,
    ObjectName,
    PluralResource,
    PositiveSeconds,
    Timestamp,
    Version,
)

API_VERSION: Final = "meetscale.io/v1alpha1"
GROUP, VERSION = API_VERSION.split("/")


class Part(BaseModel):
    """A frozen piece of a resource: camelCase outside, snake_case inside, unknown fields refused.

    Docstrings below fields become descriptions in the CRD, and class attributes that are a `Rule`
    its `x-kubernetes-validations`, which are judged here too when an object is made.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        ignored_types=(Rule,),
    )

    rules: ClassVar[tuple[Rule, ...]] = ()
    """The rules of this class, in the order written."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        own = (value for value in vars(cls).values() if isinstance(value, Rule))
        cls.rules = (*cls.rules, *own)

    @model_validator(mode="after")
    def _rules_hold(self) -> Self:
        for rule in self.rules:
            if rule.holds is not None and not rule.holds(self):
                context: dict[str, Any] = {"message": rule.message, "field": rule.field}
                raise PydanticCustomError("rule", "{message}", context)
        return self


class Reported(Part):
    """A piece that we did not write, or another version of us did: what is unknown is skipped."""

    model_config = ConfigDict(extra="ignore")


class ObjectMeta(Reported):
    """What we read of an object's metadata."""

    name: ObjectName
    namespace: str = "default"
    uid: str = ""
    generation: Generation = 0
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    deletion_timestamp: Timestamp | None = None


class Column(NamedTuple):
    """What `kubectl get` prints. Columns of priority 1 are printed with `-o wide`."""

    name: str
    path: str
    type: str = "string"
    priority: int = 0


class Names(NamedTuple):
    """What a resource is called, and how it is listed."""

    plural: str
    singular: str
    short: str
    columns: tuple[Column, ...]


class Resource(Part):
    """A custom resource; each has `spec` and `status` of its own."""

    names: ClassVar[Names]

    api_version: Literal["meetscale.io/v1alpha1"] = API_VERSION
    metadata: ObjectMeta

    @property
    def key(self) -> str:
        """The name under which everything else knows this object: `namespace/name`."""
        return f"{self.metadata.namespace}/{self.metadata.name}"


class ConditionStatus(StrEnum):
    """Whether a condition holds."""

    TRUE = "True"
    FALSE = "False"
    UNKNOWN = "Unknown"


class Condition(Reported):
    """One aspect of an object's state, as in KEP-1623."""

    type: CamelCase
    """Which aspect."""
    status: ConditionStatus
    """Whether it holds."""
    observed_generation: Generation | None = None
    """The metadata.generation that the condition was set upon."""
    last_transition_time: Timestamp
    """When the status last changed."""
    reason: CamelCase
    """Why, as one word."""
    message: Annotated[str, Field(strict=True, max_length=32768)]
    """Why, as a sentence."""


Conditions = Annotated[tuple[Condition, ...], Field(max_length=16), KeyedBy("type")]


class ResourceStatus(Reported):
    """What every status has."""

    observed_generation: Generation | None = None
    """The metadata.generation that this status was computed from."""
    conditions: Conditions = ()
    """The state of the object, one aspect each; Ready sums them up."""


class ObjectReference(Part):
    """Another object of the same namespace, by plural resource: what authorisation speaks of."""

    group: Group = ""
    """API group; empty for the core group."""
    version: Version
    """API version."""
    resource: PluralResource
    """Plural resource name, as in deployments."""
    name: ObjectName
    """Name of the object."""


class LocalReference(Part):
    """Another resource of ours in the same namespace."""

    name: ObjectName
    """Name of the object."""


class LabelSelector(Part):
    """Objects that carry all of these labels."""

    match_labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=16)] = Field(
        default_factory=dict
    )
    """Labels by equality; none selects everything."""

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        return self.match_labels.items() <= labels.items()


class Expiry(StrEnum):
    """What happens when nobody approved in time."""

    HOLD = "Hold"
    PROCEED = "Proceed"


class ExpiryPolicy(Part):
    """How long a plan waits for a person."""

    expire_after_seconds: PositiveSeconds
    """How long a plan waits for its approval, in seconds."""
    on_expiry: Expiry = Expiry.HOLD
    """What happens when nobody approved in time: Hold (nothing) or Proceed (do it)."""
