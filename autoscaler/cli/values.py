"""Times and durations as people type them."""

import re
from datetime import UTC, datetime

from autoscaler.errors import SpecError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})([smhdw])")


def duration(text: str, *, option: str) -> int:
    """Return seconds of `90m`, `24h` or `2d`; raises SpecError for what is none, or zero."""
    match = _DURATION.fullmatch(text.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not seconds:
        raise SpecError(f"{option} is {text!r}, must be a duration such as 90m, 24h or 2d")
    return seconds


def moment(text: str, *, option: str) -> int:
    """Return epoch seconds of an ISO 8601 time, UTC where it names no zone; raises SpecError."""
    try:
        time = datetime.fromisoformat(text.strip())
        return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise SpecError(f"{option} is {text!r}, must be a time such as 2026-03-01T09:15Z") from None


def iso(time: int) -> str:
    """Return epoch seconds as ISO 8601 in UTC: `2026-03-01T09:15:00Z`."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"
