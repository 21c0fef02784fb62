"""Between the core's epoch seconds and the moments that resources hold."""

from datetime import UTC, datetime


def moment(seconds: int) -> datetime:
    """Return the moment, in UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def seconds(moment: datetime | None) -> int:
    """Return whole epoch seconds; 0, long past, for none."""
    return 0 if moment is None else int(moment.timestamp())
