"""The forecaster that every tick asks: history in, quantile paths out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import FloatArray, round_significant
from forecast.batches import as_rows, batches
from forecast.bookings import Bookings
from forecast.borrowing import borrow_shapes
from forecast.calendar import DAY, HOUR, Calendar, Event
from forecast.errors import HistoryError
from forecast.events import apply_events
from forecast.evidence import weigh
from forecast.fitted import LEAST_DAYS, Fitted, refit
from forecast.growth.reasons import surge_reasons
from forecast.history import History
from forecast.learned import learn_from_events, learned_reasons
from forecast.models.design import LOOK_BACK_DAYS
from forecast.prediction import Paths, predict_fitted, predict_unfitted
from forecast.result import Forecast
from forecast.situation import FitSettings, Situation, look_at
from forecast.verdict import Surging, verdicts

_AT_ONCE = 2**15
"""Numbers rounded at once: their many passes stay in the processor's cache."""
_BEYOND_HORIZON = 3 * DAY
"""What a window must hold beside the longest lead, for there to be anything to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """Settings of the seasonal regression. It keeps nothing: what a refresh learned, it returns.

    `window_seconds` is how far back a fit looks, `refit_seconds` how often it is made anew.
    """

    quantiles: tuple[float, ...] = (0.5, 0.9, 0.95, 0.99)
    window_seconds: int = 28 * DAY
    refit_seconds: int = 6 * HOUR

    def refresh(
        self,
        history: History,
        *,
        now: int,
        horizon_steps: int,
        calendar: Calendar,
        events: Sequence[Event] = (),
        fitted: Fitted | None = None,
        surging: frozenset[str] = frozenset(),
        donors: Mapping[str, str] | None = None,
        bookings: Bookings | None = None,
    ) -> tuple[Forecast, Fitted]:
        """Forecast every series from the interval that holds `now` on.

        Only points before that interval are used. The result depends on the arguments other than
        `fitted`, which is a cache: pass what the previous refresh returned, or None. `surging` are
        the series that were OUTSIDE_HISTORY then: they stay so until calm is observed. `donors`
        name, for series that may be young, another one whose shape they borrow; but for that, a
        series' forecast does not depend on the others in the history. `bookings`, on the same
        grid, inform those with a fit. Raises HistoryError for a grid that does not divide a day or
        is not that of the bookings, and for a horizon that the window is too short for.
        """
        step = history.step_seconds
        if DAY % step:
            raise HistoryError(f"history: step_seconds is {step}, must divide a day (such as 900)")
        self._check_horizon(horizon_steps * step)
        if bookings is not None:
            bookings.check_grid(start=history.start, step_seconds=step)
        start = now - (now - history.start) % step
        past = max(self.window_seconds + self.refit_seconds, LOOK_BACK_DAYS * DAY) + DAY
        evidence = weigh(history, start=start - past // step * step, end=start, events=events)
        names = history.series_ids
        situation = Situation(
            evidence=evidence,
            series_ids=names,
            places=[calendar.place(name) for name in names],
            settings=FitSettings(
                window_seconds=self.window_seconds,
                refit_seconds=self.refit_seconds,
                steps=horizon_steps,
                quantiles=self.quantiles,
            ),
            now=start,
            bookings=bookings,
        )
        fitted = refit(fitted or Fitted(), situation)
        levels = np.zeros((len(names), horizon_steps, len(self.quantiles)))
        surges: dict[str, Surging] = {}
        for rows, paths in _paths(fitted, situation, surging):
            levels[as_rows(rows)] = paths.levels
            for at in np.flatnonzero(paths.surge.active | paths.surge.ended).tolist():
                surges[names[rows[at]]] = Surging(
                    active=bool(paths.surge.active[at]),
                    reasons=surge_reasons(
                        paths.surge,
                        at,
                        growth=float(paths.growth[at]),
                        day_start=start - DAY,
                        step_seconds=step,
                    ),
                )
        borrowed = borrow_shapes(levels, evidence, names, fitted=fitted.keys, donors=donors or {})
        least, learned = learn_from_events(
            history,
            evidence,
            events,
            calendar=calendar,
            steps=horizon_steps,
            quantiles=self.quantiles,
        )
        more = {
            name: (
                *([borrowed[name]] if name in borrowed else []),
                *learned_reasons(learned.get(name, {})),
            )
            for name in {*borrowed, *learned}
        }
        judged = verdicts(evidence, names, fitted=fitted.keys, surges=surges, now=start)
        forecast = Forecast(
            series_ids=names,
            issued_at=now,
            start=start,
            step_seconds=step,
            quantiles=self.quantiles,
            values=_participants(levels, least, names, events, start=start, step_seconds=step),
            modes=tuple(each.mode for each in judged),
            models=tuple(each.model for each in judged),
            reasons=tuple(
                (*each.reasons, *more[name]) if name in more else each.reasons
                for name, each in zip(names, judged, strict=True)
            ),
            learned=learned,
        )
        return forecast, fitted

    def _check_horizon(self, seconds: int) -> None:
        longest = self.window_seconds - _BEYOND_HORIZON
        if seconds <= 0 or (self.window_seconds >= LEAST_DAYS * DAY and seconds > longest):
            raise HistoryError(
                f"horizon is {seconds} s, must be above 0 and, fitted on {self.window_seconds} s, "
                f"at most {longest}"
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


def _paths(
    fitted: Fitted, situation: Situation, surging: frozenset[str]
) -> Iterator[tuple[list[int], Paths]]:
    """Predict in batches: series of one place that all have a fit, or all have none."""
    steps, quantiles = situation.settings.steps, situation.settings.quantiles
    names = situation.series_ids
    groups = [
        (place, name in fitted.keys) for name, place in zip(names, situation.places, strict=True)
    ]
    for (place, known), rows in batches(groups, points=steps * len(quantiles)):
        frame, part = look_at(situation, rows, place)
        was_surging = np.array([names[row] in surging for row in rows], dtype=np.bool_)
        if known:
            fit, prepared = fitted.of([names[row] for row in rows])
            frame = replace(frame, likeness=fit.likeness)
            yield (
                rows,
                predict_fitted(
                    fit, prepared, frame, part, quantiles=quantiles, surging=was_surging
                ),
            )
        else:
            yield (
                rows,
                predict_unfitted(
                    frame, part, steps=steps, quantiles=quantiles, surging=was_surging
                ),
            )
