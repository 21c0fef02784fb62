"""Every forecast of a stretch of time whose demand is known already, as it would have been made."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from forecast.calendar import Calendar, Event
from forecast.errors import HistoryError
from forecast.evidence import weigh
from forecast.forecaster import Forecaster
from forecast.history import History
from forecast.issuing import issue
from forecast.result import Forecast
from forecast.situation import Situation
from forecast.walk import known_at, walk


def forecast_ahead(
    forecaster: Forecaster,
    history: History,
    *,
    first: int,
    horizon_steps: int,
    calendar: Calendar,
    events: Sequence[Event] = (),
    surging: frozenset[str] = frozenset(),
    donors: Mapping[str, str] | None = None,
) -> Iterator[Forecast]:
    """Yield what `refresh` returns at `first` and at every step after it, up to history's end.

    Each forecast uses only points before its origin, and is told who is in a surge by the one
    before it, the first by `surging`. Nothing is computed before it is asked for, but for the
    origins that share a fit. Raises HistoryError as `refresh` does, and where `first` is not on the
    history's grid.
    """
    step, names = history.step_seconds, history.series_ids
    if (first - history.start) % step:
        raise HistoryError(f"first is {first}, must lie on the history's grid of {step} s")
    settings = forecaster.settings(horizon_steps, step_seconds=step)
    reach = settings.reach_steps(step) * step
    whole = Situation(
        evidence=weigh(history, start=first - reach, end=history.end, events=events),
        series_ids=names,
        places=[calendar.place(name) for name in names],
        settings=settings,
        now=history.end,
    )
    walks = [
        walk(whole, row, first=first, surging=name in surging) for row, name in enumerate(names)
    ]
    for now in range(first, history.end + 1, step):
        told = {name: next(walk) for name, walk in zip(names, walks, strict=True)}
        levels = np.zeros((len(names), horizon_steps, len(settings.quantiles)))
        for row, each in enumerate(told.values()):
            levels[row] = each.levels
        yield issue(
            levels,
            situation=known_at(whole, now),
            history=history,
            fitted={name for name, each in told.items() if each.fitted},
            surges={name: each.surge for name, each in told.items() if each.surge is not None},
            calendar=calendar,
            events=events,
            donors=donors or {},
            at=now,
        )
