"""`meetscale calibrate`: what participants ask of the servers that are there, as measured."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autoscaler.capacity.calibration import calibrate as fitted
from autoscaler.capacity.samples import whole_windows
from autoscaler.cli.calibration_report import Findings, print_findings, to_json
from autoscaler.errors import SpecError
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.groups import matcher
from autoscaler.prometheus.load_queries import read_samples
from autoscaler.resources.demand import Preset
from autoscaler.resources.load import load_text
from autoscaler.resources.sfupool import SFUPool

MOST_WINDOWS = 11_000
"""Prometheus gives no more points of a series."""


def calibrate(
    prometheus: Annotated[
        str, typer.Option(help="Where Prometheus answers, such as http://prometheus:9090.")
    ],
    pool_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[POOL.yaml]", help="A pool: its preset, labels and server are taken."
        ),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(help=f"The SFU: {', '.join(Preset).lower()}.")
    ] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=VALUE", help="Only series with this label (repeatable)."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="ISO 8601; UTC unless it says.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="ISO 8601. Default: now.")
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(min=0.01, max=8760.0, help="So long before the end. Default: 24."),
    ] = None,
    window_seconds: Annotated[
        int, typer.Option(min=5, max=3600, help="Average over this; four scrapes or more.")
    ] = 120,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Fit what participants and streams ask of a server, and say what it would change.

    Without a preset and labels of one's own those of POOL.yaml are used.
    """
    pool = _pool(pool_file) if pool_file is not None else None
    which = _preset(preset, pool)
    first, last = _span(start, end, hours, now=int(time.time()))
    if (last - first) // window_seconds > MOST_WINDOWS:
        raise SpecError(
            f"--window-seconds is {window_seconds}: must be at least"
            f" {-(-(last - first) // MOST_WINDOWS)} for so long a time"
        )
    client = PrometheusClient(prometheus, instant_seconds=5.0, range_seconds=60.0)
    try:
        samples = whole_windows(
            read_samples(
                client,
                which,
                matchers=",".join(_matchers(match or (), pool)),
                start=first,
                end=last,
                window_seconds=window_seconds,
            )
        )
    finally:
        client.close()
    if not len(samples.times):
        raise SpecError(
            f"Prometheus at {prometheus} has no {which} load there from {_iso(first)} to"
            f" {_iso(last)}: check --match, the scrape job and --from, and that"
            f" --window-seconds {window_seconds} holds two scrapes or more"
        )
    findings = Findings(
        preset=which, start=first, end=last, samples=samples, calibration=fitted(samples), pool=pool
    )
    if as_json:
        typer.echo(json.dumps(to_json(findings), allow_nan=False))
    else:
        print_findings(findings, Console())


def _pool(file: Path) -> SFUPool:
    resources = load_text(file.read_text(encoding="utf-8", errors="replace"), source=str(file))
    pools = [each for each in resources if isinstance(each, SFUPool)]
    if len(pools) != 1:
        raise SpecError(f"{file}: holds {len(pools)} SFUPools: must hold one")
    return pools[0]


def _preset(name: str | None, pool: SFUPool | None) -> Preset:
    if name is None:
        if pool is None or pool.spec.demand.preset is None:
            raise SpecError(f"--preset is missing: must be one of {', '.join(Preset)}")
        return pool.spec.demand.preset
    for preset in Preset:
        if preset.lower() == name.lower():
            return preset
    raise SpecError(f"--preset is {name}: must be one of {', '.join(Preset)}")


def _matchers(pairs: Sequence[str], pool: SFUPool | None) -> list[str]:
    labels = {} if pool is None or pairs else dict(pool.spec.demand.match_labels)
    for pair in pairs:
        label, equals, value = pair.partition("=")
        if not equals or not label.isidentifier() or not label.isascii():
            raise SpecError(f"--match is {pair}: must be LABEL=VALUE")
        labels[label] = value
    return [matcher(label, value) for label, value in labels.items()]


def _span(start: str | None, end: str | None, hours: float | None, *, now: int) -> tuple[int, int]:
    if start is not None and hours is not None:
        raise SpecError("--from and --hours say the same: give one of them")
    last = now if end is None else _epoch("--to", end)
    first = last - round(3600.0 * (hours or 24.0)) if start is None else _epoch("--from", start)
    if first >= last:
        raise SpecError(f"--from is {_iso(first)}: must be before {_iso(last)}")
    return first, last


def _epoch(option: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise SpecError(f"{option} is {text}: must be a time such as 2026-11-22T18:00Z") from None


def _iso(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
