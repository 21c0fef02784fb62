"""Scales and round ticks for them. Times are epoch seconds UTC."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_TIME_STEPS = (
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    _HOUR,
    2 * _HOUR,
    3 * _HOUR,
    6 * _HOUR,
    12 * _HOUR,
    _DAY,
    2 * _DAY,
    7 * _DAY,
    14 * _DAY,
    28 * _DAY,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values [low, high] to pixels [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of `value`, to a tenth."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, in pixels; `strong` ones begin a day."""

    at: float
    label: str
    strong: bool = False


def round_steps(top: float, *, most: int = 4) -> list[float]:
    """Return 0 and up to `most` multiples of 1, 2 or 5 times a power of ten, none above `top`."""
    if top <= 0:
        return [0.0]
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return [index * step for index in range(math.floor(top / step * 1.001) + 1)]


def time_ticks(start: int, end: int, scale: Scale, *, most: int = 9) -> list[Tick]:
    """Return ticks at round UTC times within [start, end]; midnights carry their date."""
    step = next((each for each in _TIME_STEPS if (end - start) / each <= most), _TIME_STEPS[-1])
    first = -(-start // step) * step
    return [Tick(scale(at), _clock(at), at % _DAY == 0) for at in range(first, end + 1, step)]


def _clock(at: int) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%a} {moment.day} {moment:%b}" if at % _DAY == 0 else f"{moment:%H:%M}"


def moment_text(at: int) -> str:
    """Return a moment for people: `Mon 23 Mar 09:05`."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def duration_text(seconds: float) -> str:
    """Return a duration for people: `45 s`, `12 min`, `9 h 30 min`, `7 d 2 h`."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    days, rest = divmod(round(seconds), _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "d"), (hours, "h"), (rest // _MINUTE, "min")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])
