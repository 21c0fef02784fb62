"""Whatever a refresh kept from an earlier one, its forecast is the one made from nothing."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forecast.bookings import Bookings
from forecast.calendar import HOUR, Calendar, Event, Place
from forecast.fitted import Fitted
from forecast.forecaster import Forecaster
from forecast.history import History, PointState
from tests.forecast.histories import MONDAY, history, office_weeks

FORECASTER = Forecaster(window_seconds=10 * 86_400)
NAMES = ("a", "b", "c", "d")
POINTS = 40 * 24
KINDS = ("step", "step", "jump", "spoil", "event", "names", "steps", "book", "book")
START = MONDAY + 20 * 86_400
"""Days before the clocks of Berlin go forward, on 29 March 2026."""
ZONES = Calendar(places={"b": Place("Europe/Berlin")}, default=Place())


@dataclass(frozen=True)
class World:
    """All that demand will ever have been, and what is known of it at a time."""

    past: History
    now: int
    steps: int
    events: tuple[Event, ...] = ()
    names: tuple[str, ...] = NAMES
    bookings: Bookings | None = None

    def known(self) -> History:
        return self.past.select(self.names).window(self.past.start, self.now)


def first_world(dtype: str) -> World:
    rows = [
        office_weeks(40, seed=seed, step=HOUR, peak=10.0 ** (seed + 1))
        for seed in range(len(NAMES))
    ]
    rows[3][: 30 * 24] = np.nan
    past = history(np.stack(rows), names=NAMES, step=HOUR, end=START + 12 * 86_400)
    return World(past=replace(past, values=past.values.astype(dtype)), now=START, steps=30)


def spoilt(world: World, draw: st.DrawFn) -> World:
    """Change points that were known already: values, gaps, bounds."""
    last = (world.now - world.past.start) // HOUR
    first = last - draw(st.integers(1, 15 * 24))
    points = slice(first, first + draw(st.integers(1, 40)))
    row = draw(st.integers(0, len(NAMES) - 1))
    values, states = world.past.values.copy(), world.past.states.copy()
    values[row, points] = draw(st.sampled_from([0.0, 77.0, 5e5, np.nan]))
    states[row, points] = draw(st.sampled_from(list(PointState)))
    return replace(world, past=replace(world.past, values=values, states=states))


def announced(world: World, draw: st.DrawFn) -> World:
    start = world.now + HOUR * draw(st.integers(-200, 20))
    end = start + HOUR * draw(st.sampled_from([1, 30]))
    who = draw(st.sampled_from([None, frozenset({"a"})]))
    return replace(world, events=(*world.events, Event("e", who, start, end, 2.0, None)))


def booked(world: World, draw: st.DrawFn) -> World:
    """Begin or cease to tell of bookings, tell more of the past or the future, or tell it later."""
    if world.bookings is None:
        random = np.random.default_rng(draw(st.integers(0, 9)))
        values = random.exponential(300.0, (2, world.past.points))
        values[random.random(values.shape) < 0.1] = np.nan
        told = Bookings(("d", "b"), world.past.start, HOUR, values, (8 * HOUR, 30 * HOUR))
        return replace(world, bookings=told)
    told = world.bookings
    match draw(st.sampled_from(["cease", "ahead", "values", "values"])):
        case "cease":
            return replace(world, bookings=None)
        case "ahead":
            ahead = HOUR * draw(st.sampled_from([0, 8, 40]))
            return replace(world, bookings=replace(told, known_ahead_seconds=(ahead, 8 * HOUR)))
    first = (world.now - told.start) // HOUR + draw(st.integers(-15 * 24, 20))
    values = told.values.copy()
    points = slice(first, first + draw(st.integers(1, 40)))
    values[draw(st.integers(0, 1)), points] = draw(st.sampled_from([0.0, 900.0, np.nan]))
    return replace(world, bookings=replace(told, values=values))


@st.composite
def lives(draw: st.DrawFn) -> list[World]:
    """One world after the other: time passes, mostly by a step, and sometimes the past changes."""
    worlds = [first_world(draw(st.sampled_from(["float64", "float32"])))]
    if draw(st.booleans()):
        worlds = [booked(worlds[0], draw)]
    for _ in range(draw(st.integers(2, 6))):
        world = worlds[-1]
        match draw(st.sampled_from(KINDS)):
            case "step":
                world = replace(world, now=world.now + HOUR)
            case "jump":
                world = replace(world, now=world.now + HOUR * draw(st.integers(-30, 60)))
            case "spoil":
                world = spoilt(replace(world, now=world.now + HOUR), draw)
            case "event":
                world = announced(world, draw)
            case "names":
                names = draw(st.permutations(NAMES))[: draw(st.integers(0, 4))]
                world = replace(world, now=world.now + HOUR, names=tuple(names))
            case "book":
                world = booked(replace(world, now=world.now + HOUR), draw)
            case "steps":
                world = replace(world, steps=draw(st.sampled_from([6, 30, 50])))
        worlds.append(world)
    return worlds


def refreshed(world: World, fitted: Fitted | None) -> tuple[tuple[object, ...], Fitted]:
    forecast, kept = FORECASTER.refresh(
        world.known(),
        now=world.now,
        horizon_steps=world.steps,
        calendar=ZONES,
        events=world.events,
        fitted=fitted,
        bookings=world.bookings,
    )
    said = (forecast.values.tobytes(), forecast.modes, forecast.models, forecast.reasons)
    return said, kept


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(lives(), st.data())
def test_what_was_kept_never_shows(worlds: list[World], data: st.DataObject) -> None:
    kept: list[Fitted] = []
    for world in worlds:
        back = data.draw(st.integers(1, len(kept))) if kept else 0
        incremental, fitted = refreshed(world, kept[-back] if back else None)
        from_nothing, _ = refreshed(world, None)
        assert incremental == from_nothing
        kept.append(fitted)
