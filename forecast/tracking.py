"""What stands between a model's forecast and people: calibration, standing, and the record of both.

A forecaster is a function of history. What it got wrong as it was issued, and whether it may be
relied on, is learned here, once for each step of the grid.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from forecast.calendar import DAY, Event
from forecast.calibration import UNLEARNABLE, learned
from forecast.evidence import weigh
from forecast.history import History, PointState
from forecast.presenting import present
from forecast.record import LEVELS_PER_UNIT, Record, kept_level
from forecast.result import Forecast, ForecastMode
from forecast.scorecard import (
    Standing,
    StandingChange,
    Standings,
    compared,
    judged,
    trial,
)
from forecast.yardstick import last_week, naive_spread, renewal_due

ESTABLISHED_DAYS = 14.0
"""A pool with so many days of demand when the record begins is not young: a week to fit on, and a
week in which the fit is compared with what it left out."""


def track(
    raw: Forecast,
    history: History,
    *,
    record: Record | None,
    events: Sequence[Event] = (),
    blind: Set[str] = frozenset(),
) -> tuple[Forecast, Record]:
    """Return the forecast as people and planner get it, and what to remember of it.

    `raw` is what the forecaster made of `history`. `record` is what the last call returned; None,
    or one of another grid, begins anew. For series that are `blind` nothing is issued, scored or
    learned. A call within the same step of the grid scores nothing, and issues only what is new.
    """
    history = history.select(raw.series_ids)
    seeing = np.array([name not in blind for name in raw.series_ids], dtype=np.bool_)
    if record is None or not record.goes_on(raw):
        now = Record.begin(raw)
        new = due = np.ones(seeing.shape, dtype=np.bool_)
    else:
        met = frozenset(record.series_ids)
        new = np.array([name not in met for name in raw.series_ids], dtype=np.bool_)
        due = new | (raw.start > record.start)
        if record.series_ids != raw.series_ids:
            record = Record.begin(raw).taking_over(record)
        now = _caught_up(record, raw, history, events=events, seeing=seeing)
    now = _judged(_with_spread(now, history, due=due, new=new), history, new)

    made = present(raw, history, now, events=events)
    rows = np.flatnonzero(due & seeing)
    waiting = now.waiting.issued(
        rows,
        now.slot,
        now.leads,
        values=made.ours[rows[:, None], np.array(now.leads) - 1],
        applied=made.applied[rows],
    )
    return made.shown, replace(now, waiting=waiting)


def _caught_up(
    record: Record, raw: Forecast, history: History, *, events: Sequence[Event], seeing: BoolArray
) -> Record:
    """Score every step whose time has come since the record's last forecast."""
    step = record.step_seconds
    first = max(record.start, raw.start - max(record.leads) * step)
    if first == raw.start:
        return replace(record, changes=())
    ordinary = weigh(history, start=first, end=raw.start, events=events).observed > 0.0
    values = history.spanning(first, raw.start).values
    calm = np.array([mode is not ForecastMode.OUTSIDE_HISTORY for mode in raw.modes])
    for index, time in enumerate(range(first, raw.start, step)):
        record = _scored(
            record,
            np.maximum(np.where(ordinary[:, index], values[:, index], 0.0), 0.0),
            known=ordinary[:, index] & seeing,
            calm=calm,
            naive=last_week(history, time)[:, None] + record.spread,
            slot=time // step + 1,
        )
    return replace(record, start=raw.start, changes=())


def _scored(
    record: Record,
    actual: FloatArray,
    *,
    known: BoolArray,
    calm: BoolArray,
    naive: FloatArray,
    slot: int,
) -> Record:
    """Compare what was issued for the step before `slot` with what came of it.

    What is announced (events), bounded or unknown teaches nothing, and trackers learn nothing
    either while demand is outside history: the promise of the bands does not extend to that.
    """
    levels, applied = record.waiting.due(slot, record.leads)
    issued = ~np.isnan(levels[..., 0]) & known[:, None]
    if not issued.any():
        return replace(record, waiting=record.waiting.cleared(slot, record.leads))
    levels = np.where(issued[..., None], levels, 0.0)
    # Both sides as the record keeps them: what is exactly as forecast is covered.
    level = kept_level(actual)
    scored = issued & np.isfinite(naive[:, :1])
    scores = record.scores.add(
        actual=actual,
        ours=np.expm1(levels),
        covered=level[:, None, None] <= np.round(levels * LEVELS_PER_UNIT),
        naive=np.maximum.accumulate(np.maximum(np.nan_to_num(naive), 0.0), axis=-1),
        quantiles=record.quantiles,
        scored=scored,
        step_seconds=record.step_seconds,
    )
    factors = learned(
        record.factors,
        applied,
        levels=levels,
        actual=level / LEVELS_PER_UNIT,
        quantiles=record.quantiles,
        learns=issued & calm[:, None] & (applied[..., 0] != UNLEARNABLE),
    )
    won = np.where(scores.losing(factor=1.0), 0, np.minimum(record.winning_steps, 30_000) + 1)
    winning = np.where(scored.any(axis=1), won, record.winning_steps).astype(np.int16)
    return replace(
        record,
        waiting=record.waiting.cleared(slot, record.leads),
        scores=scores,
        factors=factors,
        winning_steps=winning,
    )


def _with_spread(record: Record, history: History, *, due: BoolArray, new: BoolArray) -> Record:
    """Renew seasonal-naive's quantiles: once a day, for they cost a month of changes each."""
    renewed = new | due & renewal_due(
        record.series_ids, start=record.start, step_seconds=record.step_seconds
    )
    rows = np.flatnonzero(renewed)
    if not rows.size:
        return record
    spread = record.spread.copy()
    spread[rows] = naive_spread(history, rows, start=record.start, quantiles=record.quantiles)
    return replace(record, spread=spread)


def _judged(record: Record, history: History, new: BoolArray) -> Record:
    """Settle what is done with each forecast, and say what changed."""
    step, before = record.step_seconds, record.standings
    young = np.flatnonzero(before == Standing.TRIAL)
    days = np.zeros(before.shape)
    if young.size:
        past = history.window(history.start, record.start)
        seen = (past.states[young] == PointState.OBSERVED) & np.isfinite(past.values[young])
        days[young] = seen.sum(axis=1) * (step / DAY)
    before = np.where(new & (days >= ESTABLISHED_DAYS), Standing.TRUSTED, before).astype(np.int8)
    after = judged(
        before,
        record.scores,
        winning_steps=record.winning_steps.astype(np.int64),
        days_seen=days,
        step_seconds=step,
    )
    changed = np.flatnonzero(before != after)
    changes = tuple(_change(record, int(row), before, after) for row in changed)
    # What led to a demotion is settled: whether the model comes back rests on what it does from now
    # on, or one bad day would count against it for weeks. The same when it has come back.
    turned = (before != after) & (before != Standing.TRIAL)
    scores = record.scores.without(turned) if turned.any() else record.scores
    return replace(record, standings=after, changes=changes, scores=scores)


def _change(record: Record, row: int, before: Standings, after: Standings) -> StandingChange:
    won = float(record.winning_steps[row]) * record.step_seconds / DAY
    ratio = float(record.scores.ratio()[row])
    days = float(record.scores.days(record.step_seconds)[row])
    was, is_ = Standing(int(before[row])), Standing(int(after[row]))
    young = was is Standing.TRIAL and is_ is Standing.TRUSTED
    return StandingChange(
        series_id=record.series_ids[row],
        at=record.start,
        before=was,
        after=is_,
        reason=trial(won) if young else compared(ratio, days),
    )
