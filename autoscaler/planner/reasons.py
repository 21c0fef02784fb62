"""Why a number is what it is: every step of a decision that changed it leaves one reason."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Inputs: TypeAlias = Mapping[str, float | int | str]


class ReasonCode(StrEnum):
    """CamelCase and unique: the same words in conditions, events, metrics, journal and page."""

    # what asked for capacity (the largest wins)
    FORECAST_NEED = "ForecastNeed"
    REACTIVE_NEED = "ReactiveNeed"
    EVENT_FLOOR = "EventFloor"
    GROWTH_HEADROOM = "GrowthHeadroom"
    CENSORED_DEMAND = "CensoredDemand"
    RESERVE = "Reserve"
    PINNED = "Pinned"
    LAST_TRUSTED_FORECAST = "LastTrustedForecast"
    UTILIZATION = "Utilization"
    LINK_STEP = "LinkStep"
    FREE_BURST = "FreeBurst"
    PORT_OPEN = "PortOpen"
    # what held it where it is
    BLIND_HOLD = "BlindHold"
    SURGE_HOLD = "SurgeHold"
    FROZEN = "Frozen"
    RELEASE_NEVER = "ReleaseNever"
    STABILIZING = "Stabilizing"
    RELEASE_UNSAFE = "ReleaseUnsafe"
    RELEASE_RATE = "ReleaseRate"
    RECOVERY_RAMP = "RecoveryRamp"
    OCCUPIED = "Occupied"
    RECOVERING = "Recovering"
    RETURNING = "Returning"
    STANDS_STILL = "StandsStill"
    SCALED_NO_RELIEF = "ScaledNoRelief"
    # what kept it down
    MIN_REPLICAS = "MinReplicas"
    MAX_REPLICAS = "MaxReplicas"
    LAUNCH_RATE = "LaunchRate"
    QUOTA = "Quota"
    LINK_CAPACITY = "LinkCapacity"
    COST_CEILING = "CostCeiling"
    APPROVAL_NEEDED = "ApprovalNeeded"
    # what changed in how demand is seen
    SURGE_ENTERED = "SurgeEntered"
    SURGE_LEFT = "SurgeLeft"
    # what is shown and not acted on
    FORECAST_NOT_TRUSTED = "ForecastNotTrusted"


class Reason(NamedTuple):
    """One step of the chain, in the order applied: servers (Mbit/s for links) before and after."""

    code: ReasonCode
    before: float
    after: float
    inputs: Inputs = MappingProxyType({})
