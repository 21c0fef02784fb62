"""The goals of section 3 beside what was reached, and every frontier, as tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.report import Table, cell
from simulations.report.columns import percent
from simulations.report.table import OWN
from simulations.sweep.frontier import Point, cheapest, safest

BLOCKED_PCT = 0.1
AT_EQUAL_BLOCKED = {"hpa": 0.25, "sre-max": 0.0}
"""How much fewer node-hours than theirs are wanted."""
AT_EQUAL_COST = ("crane-dsp", "phpa", "seasonal-naive", "aws-predictive")
FEWER_BLOCKED = 0.8
SURGES = frozenset({"overnight-10x"})
ORDINARY_COST, SURGE_COST = 1.10, 1.35
_SLACK = 1.01
"""A setting that costs a hundredth more costs the same."""

Wanted = dict[str, set[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What was reached `against` another policy, whose chosen setting is `theirs`.

    `share` fewer node-hours, or blocked joins; without one, `why` there is nothing to compare.
    """

    against: str
    theirs: Point | None
    share: float | None
    why: str = ""
    met: bool

    @property
    def reached(self) -> str:
        """Say it beside what was wanted."""
        if self.share is None:
            return self.why
        if self.against in AT_EQUAL_BLOCKED:
            wanted = AT_EQUAL_BLOCKED[self.against]
            return f"{self.share:.0%} fewer node-hours (> {wanted:.0%})"
        return f"{self.share:.0%} fewer blocked joins (>= {FEWER_BLOCKED:.0%})"


def settings_to_report(tuned: Sequence[Point]) -> Wanted:
    """Return, by scenario, the labels that tuning chose: what the goals compare."""
    wanted: Wanted = {}
    for scenario in _scenarios(tuned):
        ours = _cheapest(tuned, scenario, OWN)
        found = [ours, *(_cheapest(tuned, scenario, name) for name in AT_EQUAL_BLOCKED)]
        if ours is not None:
            found += [_safest(tuned, scenario, name, ours) for name in AT_EQUAL_COST]
        wanted[scenario] = {label(each) for each in found if each is not None}
    return wanted


def goals_table(tuned: Sequence[Point], shown: Sequence[Point]) -> Table:
    """Return a row per goal and scenario: dials from `tuned`, numbers from `shown`."""
    rows: list[tuple[str, ...]] = []
    for scenario in _scenarios(tuned):
        ours = best(tuned, shown, scenario)
        if ours is None:
            rows.append((scenario, OWN, "–", "–", f"no setting within {BLOCKED_PCT} %", "no"))
            continue
        rows.append(_own_row(scenario, ours))
        rows += [
            (
                scenario,
                each.against,
                "–" if each.theirs is None else dial(each.theirs),
                "–" if each.theirs is None else told(each.theirs),
                each.reached,
                _yes(each.met),
            )
            for each in goals(tuned, shown, scenario)
        ]
    return Table(
        "Goals",
        ("scenario", "against", "dial", "theirs: blocked, cost", "reached", "goal met"),
        rows,
        f"`{OWN}` and the first two at the cheapest dial within {BLOCKED_PCT} % blocked joins, the "
        f"others at the safest dial that costs no more than `{OWN}`; cost is node-hours over the "
        "bound's. Dials from the tuning seeds, numbers from the others.",
        numbers=False,
    )


def best(tuned: Sequence[Point], shown: Sequence[Point], scenario: str) -> Point | None:
    """Return what our cheapest safe setting, by `tuned`, reached in `shown`; None without one."""
    return _shown(shown, _cheapest(tuned, scenario, OWN))


def goals(tuned: Sequence[Point], shown: Sequence[Point], scenario: str) -> list[Goal]:
    """Return what was wanted against each other policy that ran, where we have a safe setting."""
    chosen = _cheapest(tuned, scenario, OWN)
    ours = _shown(shown, chosen)
    if chosen is None or ours is None:
        return []
    ran = {each.policy for each in tuned if each.scenario == scenario}
    found = []
    for name, fewer in AT_EQUAL_BLOCKED.items():
        if name in ran:
            theirs = _shown(shown, _cheapest(tuned, scenario, name))
            found.append(_saving(name, ours, theirs, fewer))
    for name in (each for each in AT_EQUAL_COST if each in ran):
        theirs = _shown(shown, _safest(tuned, scenario, name, chosen))
        found.append(_safety(name, ours, theirs))
    return found


def frontier_tables(tuned: Sequence[Point]) -> list[Table]:
    """Return each scenario's frontiers as they were tuned on."""
    return [
        Table(
            f"Frontiers: {scenario}",
            ("policy", "dial", "blocked", "95 %", "cost", "95 %"),
            [
                (
                    each.policy,
                    dial(each),
                    percent(each.blocked_joins_pct),
                    " to ".join(cell(end, 2) for end in each.blocked_interval),
                    cell(each.cost_vs_bound, 2),
                    " to ".join(cell(end, 2) for end in each.cost_interval),
                )
                for each in tuned
                if each.scenario == scenario
            ],
        )
        for scenario in _scenarios(tuned)
    ]


def label(point: Point) -> str:
    """Return the name under which a setting runs."""
    return point.policy if point.dial is None else f"{point.policy}@{point.dial:g}"


def _own_row(scenario: str, ours: Point) -> tuple[str, ...]:
    goal = SURGE_COST if scenario in SURGES else ORDINARY_COST
    met = reaches(ours, cost=goal)
    return scenario, OWN, dial(ours), "–", f"{told(ours)} (<= {goal:.2f})", _yes(met)


def reaches(ours: Point, *, cost: float) -> bool:
    """Say whether it blocks as little as wanted, at no more than this cost."""
    return ours.cost_vs_bound <= cost and ours.blocked_joins_pct <= BLOCKED_PCT


def _saving(name: str, ours: Point, theirs: Point | None, fewer: float) -> Goal:
    if theirs is None:
        why = f"no setting within {BLOCKED_PCT} %"
        return Goal(against=name, theirs=None, share=None, why=why, met=True)
    saved = 1.0 - ours.cost_vs_bound / theirs.cost_vs_bound
    return Goal(against=name, theirs=theirs, share=saved, met=saved > fewer)


def _safety(name: str, ours: Point, theirs: Point | None) -> Goal:
    if theirs is None:
        return Goal(against=name, theirs=None, share=None, why="no setting as cheap", met=True)
    if theirs.blocked_joins_pct <= 0.0:
        return Goal(against=name, theirs=theirs, share=None, why="it blocks none", met=False)
    less = 1.0 - ours.blocked_joins_pct / theirs.blocked_joins_pct
    return Goal(against=name, theirs=theirs, share=less, met=less >= FEWER_BLOCKED)


def _cheapest(points: Iterable[Point], scenario: str, policy: str) -> Point | None:
    return cheapest(_of(points, scenario, policy), blocked_pct=BLOCKED_PCT)


def _safest(points: Iterable[Point], scenario: str, policy: str, ours: Point) -> Point | None:
    return safest(_of(points, scenario, policy), cost_vs_bound=ours.cost_vs_bound * _SLACK)


def _shown(points: Iterable[Point], chosen: Point | None) -> Point | None:
    if chosen is None:
        return None
    same = (chosen.scenario, chosen.policy, chosen.dial)
    return next(each for each in points if (each.scenario, each.policy, each.dial) == same)


def _of(points: Iterable[Point], scenario: str, policy: str) -> list[Point]:
    return [each for each in points if (each.scenario, each.policy) == (scenario, policy)]


def _scenarios(points: Iterable[Point]) -> list[str]:
    return list(dict.fromkeys(each.scenario for each in points))


def told(point: Point) -> str:
    """Say what a setting blocks, and what it costs."""
    return f"{percent(point.blocked_joins_pct)}, {point.cost_vs_bound:.2f}"


def dial(point: Point) -> str:
    """Say what the dial is set to."""
    return "its own" if point.dial is None else f"{point.dial:g}"


def _yes(met: bool) -> str:
    return "yes" if met else "no"
