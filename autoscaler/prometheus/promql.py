"""The questions asked of Prometheus, each for all pools of a group at once.

Every question is one query: its facets are united, told apart by a label. A facet has at most one
row a pool, and none where there is nothing to say.
"""

from collections.abc import Mapping
from string import Template

from autoscaler.prometheus.groups import Group
from autoscaler.prometheus.presets import METRICS

FACET = "meetscale_facet"
IDENTITY = ("cluster", "instance")
"""What makes two series one target's, whichever jobs scrape it. Stores that see several clusters
have `cluster`, where addresses repeat."""
VANISHED_WINDOW = "15m"
"""How long a target is missed that was occupied and left no trace, not even of being down."""
DOWN_WINDOW = "1d:15m"
"""How long a target is missed that was up and is down. One that never was up is still booting."""
JUMP_WINDOW = "5m"
"""How far back an upward jump is looked for."""
BIN_RANGE = "870s"
"""From the start of a bin's last minute back to its first moment, and half a minute more: the same
whether or not this Prometheus counts the left end of a range."""
PEAK_STEP = "1m"
"""How often a bin is looked at for its peak: a ramp of its last minutes belongs to it, or capacity
would be due only when the next bin begins. Four weeks of a thousand targets cost Prometheus 3.12
about 11 s of a core, once, and Prometheus 2.42 a minute."""


class Questions:
    """The PromQL for one group of pools."""

    def __init__(self, group: Group) -> None:
        self._metrics = METRICS[group.preset]
        self._pool = group.matchers
        self._keys = ", ".join(group.keys)
        self._target = ", ".join(dict.fromkeys((*group.keys, *IDENTITY)))
        self._scrape = ", ".join(dict.fromkeys((*group.keys, "job", *IDENTITY)))
        self._selector = self._fill(self._metrics.participants)
        self._up = f"up{{{self._pool}}}"
        self._stale_after = group.stale_after_seconds

    def now(self) -> str:
        """Ask for what a reading is made of."""
        metrics, age = self._metrics, self._valid(f"time() - timestamp({self._selector})")
        facets = {
            "participants": self._sum(self._valid(self._selector)),
            "age": f"min by ({self._keys}) ({age})",
            "live": self._targets(self._fresh()),
            "was_live": self._targets(f"{self._selector} offset {VANISHED_WINDOW}"),
            "mute": self._targets(self._mute()),
        }
        if metrics.rooms and metrics.targets_are_servers:
            rooms = f"sum by ({self._scrape}) ({self._fill(metrics.rooms)})"
            facets["empty"] = self._targets(f"{rooms} == 0 and on (job, instance) {self._fresh()}")
        if metrics.egress:
            facets["egress"] = self._sum(self._fill(metrics.egress))
        if metrics.refused:
            facets["refused"] = self._sum(f"60 * rate({self._fill(metrics.refused)}[2m])")
        if metrics.egress or metrics.joins:
            facets["before"] = self._sum(f"{self._selector} offset {JUMP_WINDOW}")
        return union(facets)

    def missing(self) -> str:
        """Ask how many targets should tell and do not: silent, down, or gone while occupied.

        A server that drained leaves with its last participants just after the last scrape that saw
        them, so a few are no sign of one that was lost.
        """
        few = f"avg by ({self._keys}) ({self._selector}) / 2"
        last = f"last_over_time({self._selector}[{VANISHED_WINDOW}])"
        gone = f"{last} > on ({self._keys}) group_left () ({few})"
        missing = self._missing(self._selector, gone, self._down(), live=self._fresh())
        return union({"missing": missing})

    def evidence(self) -> str:
        """Ask whatever else should have risen, had participants."""
        metrics, facets = self._metrics, {}
        if metrics.joins:
            joins = self._fill(metrics.joins)
            facets["joined"] = self._sum(f"increase({joins}[{JUMP_WINDOW}])")
        for name, template in (("egress", metrics.egress), ("rooms", metrics.rooms)):
            if template:
                facets[name] = self._sum(self._fill(template))
                earlier = self._fill(template, at=f" offset {JUMP_WINDOW}")
                facets[f"{name}_before"] = self._sum(earlier)
        return union(facets)

    def history(self) -> str:
        """Ask for what a bin is made of, at the start of its last minute."""
        facets = {
            "peak": peak_of(self._sum(self._valid(self._selector))),
            "mute": self._targets(self._mute()),
        }
        if self._metrics.refused:
            refused = f"60 * rate({self._fill(self._metrics.refused)}[{BIN_RANGE}])"
            facets["refused"] = f"{self._sum(refused)} > 0"
        return union(facets)

    def share(self) -> str:
        """Ask which share of its known targets told, where some are mute."""
        valid = self._valid(self._selector)
        live = self._targets(valid)
        missing = self._missing(self._selector, self._down(), live=valid)
        return union({"share": f"{live} / ({live} + {missing})"})

    def _fill(self, template: str, *, at: str = "") -> str:
        return Template(template).substitute(pool=self._pool, at=at)

    def _valid(self, expression: str) -> str:
        if self._metrics.valid is None:
            return expression
        return f"({expression} and on (job, instance) {self._fill(self._metrics.valid)})"

    def _sum(self, expression: str) -> str:
        """Add up each target's series, then targets; one that two jobs scrape counts once."""
        scrapes = f"sum by ({self._scrape}) ({expression})"
        return f"sum by ({self._keys}) (max by ({self._target}) ({scrapes}))"

    def _fresh(self) -> str:
        """Select targets with a sample that counts; Prometheus repeats it for five minutes."""
        return self._valid(f"time() - timestamp({self._selector}) <= {self._stale_after}")

    def _targets(self, expression: str) -> str:
        return f"count by ({self._keys}) (group by ({self._target}) ({expression}))"

    def _missing(self, *known: str, live: str) -> str:
        groups = " or ".join(f"group by ({self._target}) ({targets})" for targets in known)
        return f"count by ({self._keys}) (({groups}) unless group by ({self._target}) ({live}))"

    def _mute(self) -> str:
        """Select targets that are discovered and tell nothing, whether or not they ever did."""
        down = f"{self._up} == 0"
        if self._metrics.valid is None:
            return down
        valid = self._fill(self._metrics.valid)
        return f"{down} or {self._selector} unless on (job, instance) {valid}"

    def _down(self) -> str:
        """Select targets that were up and are not, of the jobs that serve these pools."""
        was_up = f"max_over_time({self._up}[{DOWN_WINDOW}]) == 1"
        return f"{self._up} == 0 and {was_up} and on (job) {self._selector}"


def peak_of(expression: str) -> str:
    """Ask for the largest that was seen in a bin."""
    return f"max_over_time(({expression})[{BIN_RANGE}:{PEAK_STEP}])"


def union(facets: Mapping[str, str]) -> str:
    """Ask for several things at once."""
    return " or ".join(
        f'label_replace({expression}, "{FACET}", "{name}", "", "")'
        for name, expression in facets.items()
    )
