"""What a calibration found: the fits, and what they would change. For people and for programs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rich.console import Console
from rich.table import Table

from autoscaler.capacity.calibration import Calibration
from autoscaler.capacity.cold_start import Meetings, cold_start
from autoscaler.capacity.media import Kind
from autoscaler.capacity.rating import rate
from autoscaler.capacity.regression import Estimate
from autoscaler.capacity.samples import Column, Samples
from autoscaler.capacity.sfus import COSTS
from autoscaler.capacity.shape import MediaMix
from autoscaler.capacity.verdict import judge
from autoscaler.resources.demand import Preset
from autoscaler.resources.settings import pool_settings, sfu_of
from autoscaler.resources.sfupool import SFUPool

RESPONSES: Mapping[Column, str] = MappingProxyType(
    {
        Column.EGRESS: "Mbit/s out",
        Column.PACKETS_OUT: "packets/s out",
        Column.CORES: "vCPU",
    }
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Findings:
    """What was asked and what came out."""

    preset: Preset
    start: int
    end: int
    samples: Samples
    calibration: Calibration
    pool: SFUPool | None

    @property
    def size(self) -> float:
        """Participants of a room on average."""
        rooms = self.samples.total(Column.ROOMS)
        return self.samples.total(Column.PARTICIPANTS) / rooms if rooms else 1.0

    @property
    def cold(self) -> MediaMix:
        """What the published figures say of such rooms with every camera on."""
        meetings = Meetings(
            shares={Kind.CAMERA: 1.0}, room_size=self.size, rooms=self.calibration.rooms
        )
        return cold_start(sfu_of(self.preset), meetings)

    @property
    def mix(self) -> MediaMix:
        """What would be planned with: measured where there is evidence."""
        return self.calibration.mix(self.cold)


def to_json(findings: Findings) -> dict[str, Any]:
    """Return everything as plain values; null: nothing is known."""
    calibration, cold, mix = findings.calibration, findings.cold, findings.mix
    return {
        "preset": findings.preset.value,
        "from": findings.start,
        "to": findings.end,
        "window_seconds": findings.samples.window_seconds,
        "samples": len(findings.samples.times),
        "servers": len(set(findings.samples.servers.tolist())),
        "per_participant": {
            column.value: value for column, value in calibration.per_participant.items()
        },
        "fits": [_fit(calibration, response) for response in RESPONSES],
        "change": {
            "cold_start": _mix(cold),
            "source": COSTS[sfu_of(findings.preset)].source,
            "measured": _mix(mix),
            "measured_within": mix.measured_within,
        },
        "server": None if findings.pool is None else _server(findings, findings.pool),
    }


def print_findings(findings: Findings, console: Console) -> None:
    """Print the fits, then what they would change."""
    answer = to_json(findings)
    console.print(
        f"{answer['preset']}: {answer['samples']} samples of {answer['window_seconds']} s from"
        f" {answer['servers']} servers",
        highlight=False,
    )
    for fit in answer["fits"]:
        console.print()
        console.print(f"[bold]{RESPONSES[fit['response']]}[/]", highlight=False)
        if fit["coefficients"]:
            console.print(_coefficients(fit), highlight=False)
            console.print(f"residuals {fit['residual']:.1%}, {fit['blocks']} blocks of samples")
        for group in fit["confounded"]:
            console.print(f"not told apart: {', '.join(group)} (they always moved together)")
        console.print(f"no evidence yet: {fit['doubt']}" if fit["doubt"] else "evidence enough")
    console.print()
    console.print(_changes(answer), highlight=False)
    console.print(f"cold start: every camera on, {answer['change']['source']}", highlight=False)
    if (server := answer["server"]) is not None:
        console.print(
            f"one server: {server['participants']:,.0f} participants in its spec,"
            f" {server['full']:,.0f} as the operator takes these figures"
            f" ({server['binding']} bind), {server['per_server']:,.0f} planned with"
            f" {server['largest_room']:,.0f} left free for the largest room's tail",
            highlight=False,
        )
        if server["not_planned_with"]:
            console.print(f"not planned with: {server['not_planned_with']}", highlight=False)


def _fit(calibration: Calibration, response: Column) -> dict[str, Any]:
    fit = calibration.fits.get(response)
    asked = calibration.asks(response)
    return {
        "response": response.value,
        "coefficients": []
        if fit is None
        else [
            {"name": name, "value": each.value, "error": _known(each)}
            for name, each in zip(fit.names, fit.each(), strict=True)
        ],
        "residual": None if fit is None else fit.residual,
        "blocks": 0 if fit is None else fit.blocks,
        "confounded": [] if fit is None else [list(group) for group in fit.confounded],
        "unseen": [] if fit is None else list(fit.unseen),
        "per_participant": {"value": asked.value, "error": _known(asked)},
        "doubt": calibration.doubt(response),
    }


def _known(estimate: Estimate) -> float | None:
    return estimate.error if math.isfinite(estimate.error) else None


def _mix(mix: MediaMix) -> dict[str, float]:
    return {
        Column.EGRESS.value: mix.egress_mbps,
        Column.PACKETS_OUT.value: mix.packets_per_second,
        Column.CORES.value: mix.cores,
        Column.LARGEST.value: mix.largest_room,
    }


def _server(findings: Findings, pool: SFUPool) -> dict[str, Any]:
    """Return what the operator would plan on one server, if these were its first samples."""
    verdict = judge(findings.samples, None, now=findings.end)
    settings = pool_settings(pool, measured=verdict.measured)
    rating = rate(settings.server, settings.mix)
    return {
        "participants": float(pool.spec.server.participants),
        "full": rating.full,
        "per_server": rating.per_server,
        "binding": rating.binding.value,
        "largest_room": settings.mix.largest_room,
        "not_planned_with": verdict.waiting or "; ".join(verdict.refused.values()),
    }


def _coefficients(fit: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("for one", no_wrap=True)
    for head in ("asks", "±90 %"):
        table.add_column(head, justify="right")
    for each in fit["coefficients"]:
        unknown = each["error"] is None
        error = "not known" if unknown else f"{each['error']:.4g}"
        table.add_row(each["name"], f"{each['value']:.4g}", error)
    return table


def _changes(answer: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("a participant asks", no_wrap=True)
    for head in ("cold start", "measured", "±90 %", "planned"):
        table.add_column(head, justify="right")
    change = answer["change"]
    for fit in answer["fits"]:
        name, asked = fit["response"], fit["per_participant"]
        table.add_row(
            RESPONSES[name],
            f"{change['cold_start'][name]:.4g}",
            f"{asked['value']:.4g}" if fit["coefficients"] else "–",
            "–" if asked["error"] is None else f"{asked['error']:.4g}",
            f"{change['measured'][name]:.4g}",
        )
    largest = Column.LARGEST.value
    table.add_row(
        "largest room",
        f"{change['cold_start'][largest]:.4g}",
        "",
        "",
        f"{change['measured'][largest]:.4g}",
    )
    return table
