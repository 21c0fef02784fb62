"""From paths to what is handed out: participants, modes, models and reasons."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from forecast.arrays import FloatArray, round_significant
from forecast.borrowing import borrow_shapes
from forecast.calendar import DAY, Calendar, Event
from forecast.events import apply_events
from forecast.growth.reasons import surge_reasons
from forecast.history import History
from forecast.learned import learn_from_events, learned_reasons
from forecast.prediction import Paths
from forecast.result import Forecast
from forecast.situation import Situation
from forecast.verdict import Surging, verdicts

_AT_ONCE = 2**15
"""Numbers rounded at once: their many passes stay in the processor's cache."""


def surging_of(paths: Paths, row: int, *, start: int, step_seconds: int) -> Surging:
    """Return what there is to say about a row that is in a surge, or was."""
    reasons = surge_reasons(
        paths.surge,
        row,
        growth=float(paths.growth[row]),
        day_start=start - DAY,
        step_seconds=step_seconds,
    )
    return Surging(active=bool(paths.surge.active[row]), reasons=reasons)


def issue(
    levels: FloatArray,
    *,
    situation: Situation,
    history: History,
    fitted: Collection[str],
    surges: Mapping[str, Surging],
    calendar: Calendar,
    events: Sequence[Event],
    donors: Mapping[str, str],
    at: int,
) -> Forecast:
    """Turn paths, log1p of (series, steps, quantiles), into the forecast, in place; issued `at`.

    `fitted` are the series that have a fit, `surges` has those that are in a surge or just were.
    """
    evidence, names, settings = situation.evidence, situation.series_ids, situation.settings
    step = evidence.step_seconds
    borrowed = borrow_shapes(levels, evidence, names, fitted=fitted, donors=donors)
    least, learned = learn_from_events(
        history,
        evidence,
        events,
        calendar=calendar,
        steps=settings.steps,
        quantiles=settings.quantiles,
    )
    more = {
        name: (
            *([borrowed[name]] if name in borrowed else []),
            *learned_reasons(learned.get(name, {})),
        )
        for name in {*borrowed, *learned}
    }
    judged = verdicts(evidence, names, fitted=fitted, surges=surges, now=situation.now)
    return Forecast(
        series_ids=names,
        issued_at=at,
        start=situation.now,
        step_seconds=step,
        quantiles=settings.quantiles,
        values=_participants(levels, least, names, events, start=situation.now, step_seconds=step),
        modes=tuple(each.mode for each in judged),
        models=tuple(each.model for each in judged),
        reasons=tuple(
            (*each.reasons, *more[name]) if name in more else each.reasons
            for name, each in zip(names, judged, strict=True)
        ),
        learned=learned,
    )


def _participants(
    levels: FloatArray,
    least: FloatArray | None,
    names: tuple[str, ...],
    events: Sequence[Event],
    *,
    start: int,
    step_seconds: int,
) -> FloatArray:
    """Turn log1p of (series, steps, quantiles) into what is handed out, in place."""
    size = max(1, _AT_ONCE // max(1, levels[:1].size))
    for first in range(0, len(names), size):
        at = slice(first, first + size)
        participants = apply_events(
            np.expm1(levels[at]),
            names[at],
            events,
            start=start,
            step_seconds=step_seconds,
        )
        if least is not None:
            participants = np.maximum(participants, np.expm1(least[at]))
        levels[at] = round_significant(participants)
    for each in range(1, levels.shape[-1]):
        np.maximum(levels[..., each], levels[..., each - 1], out=levels[..., each])
    return levels
