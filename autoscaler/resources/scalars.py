"""The kinds of single values that resources are made of: each bounded.

Money and ratios are decimal strings, durations integer seconds, moments RFC 3339: what a YAML
reader could round or reinterpret on the way is no number in the file.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from autoscaler.resources.bounds import DecimalText, Text, refusal


def _moment(value: object) -> object:
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    if isinstance(value, datetime) or (isinstance(value, str) and re.fullmatch(shape, value)):
        return value
    raise refusal("must be an RFC 3339 time with its zone, like 2027-05-29T23:00:00Z")


def _day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"[\d-]{10}", value)):
        return value
    raise refusal("must be a date, like 2026-12-24")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refusal("must be an IANA time zone, like Europe/Berlin") from None
    return name


Servers = Annotated[int, Field(strict=True, ge=0, le=100_000)]
PositiveServers = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Participants = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
PositiveParticipants = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Mbps = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
PositiveMbps = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Weight = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
PositivePercent = Annotated[int, Field(strict=True, ge=1, le=100)]
Seconds = Annotated[int, Field(strict=True, ge=0, le=31_536_000)]
PositiveSeconds = Annotated[int, Field(strict=True, ge=1, le=31_536_000)]
Generation = Annotated[int, Field(strict=True, ge=0, le=2**53)]
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]

Money = Annotated[Decimal, DecimalText("0", "1000000000000")]
Quantile = Annotated[Decimal, DecimalText("0.5", "0.999")]
Multiplier = Annotated[Decimal, DecimalText("0.1", "100")]

Timestamp = Annotated[AwareDatetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]

ObjectName = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
        253,
        "must be the name of an object: small letters, digits, - and .",
    ),
]
SubjectName = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
        52,
        "must be the name of a pool or link: small letters, digits, - and .",
    ),
]
Identifier = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
        63,
        "must be letters and digits, with -, _ or . between them",
    ),
]
Approver = Annotated[
    str,
    Text(
        r"^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$",
        63,
        'must be letters and digits, with -, _ or . between them, or "" for nobody',
    ),
]
Group = Annotated[
    str,
    Text(
        r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$",
        253,
        'must be an API group such as apps, or "" for the core group',
    ),
]
Version = Annotated[
    str, Text(r"^v[0-9]+((alpha|beta)[0-9]+)?$", 32, "must be an API version such as v1 or v1beta1")
]
PluralResource = Annotated[
    str,
    Text(
        r"^[a-z][a-z0-9]*$",
        63,
        "must be the plural resource name, like deployments, not the kind",
    ),
]
Currency = Annotated[str, Text(r"^[A-Z]{3}$", 3, "must be an ISO 4217 code such as EUR")]
Country = Annotated[str, Text(r"^[A-Z]{2}$", 2, "must be an ISO 3166 country code such as DE")]
Subdivision = Annotated[
    str, Text(r"^[A-Za-z0-9 .-]+$", 32, "must be a subdivision of the country, such as BY")
]
TimeZone = Annotated[
    str,
    Text(r"^[A-Za-z][A-Za-z0-9_+/-]*$", 64, "must be an IANA time zone, like Europe/Berlin"),
    AfterValidator(_known_zone),
]
Cron = Annotated[
    str,
    Text(
        r"^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9A-Za-z*,/-]+ [0-9A-Za-z*,/-]+$",
        128,
        'must be five cron fields, minute hour day month weekday, like "55 15 * * 4"',
    ),
]
PromQL = Annotated[str, Field(strict=True, min_length=1, max_length=4096)]
FieldPath = Annotated[
    str,
    Text(
        r"^/(spec|metadata/annotations)(/[A-Za-z0-9._~-]+)+$",
        256,
        "must be a JSON pointer below /spec or /metadata/annotations",
    ),
]
PrometheusLabel = Annotated[
    str, Text(r"^[a-zA-Z_][a-zA-Z0-9_]*$", 63, "must be a Prometheus label: letters, digits and _")
]
LabelKey = Annotated[
    str,
    Text(
        r"^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
        317,
        "must be the key of a Kubernetes label",
    ),
]
LabelValue = Annotated[
    str,
    Text(
        r"^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$",
        63,
        "must be the value of a Kubernetes label: at most 63 letters, digits, -, _ and .",
    ),
]
CamelCase = Annotated[
    str, Text(r"^[A-Za-z][A-Za-z0-9]*$", 64, "must be one CamelCase word, like ForecastNeed")
]
Sentence = Annotated[str, Field(strict=True, max_length=1024)]
ShortText = Annotated[str, Field(strict=True, max_length=256)]
Uid = Annotated[str, Field(strict=True, max_length=64)]
