"""Why a series is in a surge, or no longer."""

import math
from datetime import UTC, datetime

from forecast.growth.detection import CALM_HOURS, GONE_HOURS, Surge

_GROWING = math.log(2.0) / 24.0
"""What does not double within a day is not called growing."""
_GONE = ", and demand was as forecast a day ahead, or half of the surge's height"


def surge_reasons(
    surge: Surge, row: int, *, growth: float, day_start: int, step_seconds: int
) -> tuple[str, ...]:
    """Return sentences with the evidence; none for a series that neither is nor was in a surge.

    `growth` is its logarithmic growth an hour, `day_start` the first point of the surge's day.
    """
    if surge.ended[row]:
        hours, where = (GONE_HOURS, _GONE) if surge.gone[row] else (CALM_HOURS, "")
        return (
            f"the surge is over: for {hours:g} h no point was a sigma above the median "
            f"of a forecast an hour ahead{where}",
        )
    if not surge.active[row]:
        return ()
    now = f"the last hour was {surge.ratio[row]:.3g} times the median of a day-ahead forecast"
    since = datetime.fromtimestamp(day_start + int(surge.began[row]) * step_seconds, UTC)
    when = f"{'' if surge.began[row] else 'before '}{since:%Y-%m-%dT%H:%MZ}"
    if surge.evidence[row] >= 1.0:
        reasons = [
            f"in a surge since {when}: the evidence (CUSUM) reached "
            f"{surge.evidence[row]:.3g} times its alarm, {now}"
        ]
    else:
        reasons = [
            f"the surge goes on, for {CALM_HOURS:g} calm hours were not observed since {when}: "
            f"{now}"
        ]
    if growth > _GROWING:
        reasons.append(f"it doubles every {math.log(2.0) / growth:.3g} h")
    return tuple(reasons)
