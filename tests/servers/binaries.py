"""Which binaries the tests run on, and where each comes from when the machine has none.

Everything is pinned here and in the go.mod files beside; what is built is cached (`cache.place`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers import cache, go
from tests.servers.errors import UnavailableError
from tests.servers.progress import Reporter

KUBERNETES = "1.36.2"
KARPENTER = "1.14.1"
PROMETHEUS = "0.312.0"
"""The module's version of Prometheus 3.12, built only where nothing else provides one."""
LIVEKIT = "1.13.5"

PARTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
MODULES = Path(__file__).parent / "modules"


@dataclass(frozen=True, slots=True)
class PlaneBinaries:
    """How each of `PARTS` is called: its command without flags."""

    commands: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class KarpenterBinaries:
    """Karpenter with its kwok provider, its CRDs and the instance types it offers."""

    karpenter: Path
    crds: Path
    instance_types: Path


@dataclass(frozen=True, slots=True)
class PrometheusBinaries:
    """Prometheus and its tool, of one version."""

    prometheus: Path
    promtool: Path


def plane(reporter: Reporter) -> PlaneBinaries:
    """Take the parts that lie in `KUBEBUILDER_ASSETS`, and build the others."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    given = [(part, Path(assets) / part) for part in PARTS] if assets else []
    commands: dict[str, tuple[str, ...]] = {p: (str(f),) for p, f in given if f.is_file()}
    missing = [part for part in PARTS if part not in commands]
    if assets and missing:
        reporter.say(f"KUBEBUILDER_ASSETS={assets} has no {', '.join(missing)}: built instead")
    if missing:
        binary = str(_plane_folder(reporter) / "plane")
        commands |= {part: (binary, part) for part in missing}
    return PlaneBinaries(commands)


def karpenter(reporter: Reporter) -> KarpenterBinaries:
    """Build Karpenter, and keep its CRDs and instance types beside it."""
    module = MODULES / "karpenter"

    def make(folder: Path) -> None:
        tool = go.find(reporter)
        go.build(
            tool,
            module=module,
            package="sigs.k8s.io/karpenter/kwok",
            output=folder / "karpenter",
            reporter=reporter,
        )
        sources = go.folder_of(tool, module=module, dependency="sigs.k8s.io/karpenter")
        (folder / "crds").mkdir()
        for crds in ("pkg/apis/crds", "kwok/apis/crds"):
            for file in (sources / crds).glob("*.yaml"):
                shutil.copyfile(
                    file, folder / "crds" / file.name
                )  # not the module's read-only mode
        types = "instance_types.json"
        shutil.copyfile(sources / "kwok" / "cloudprovider" / types, folder / types)

    folder = cache.filled(cache.place("karpenter", KARPENTER, _recipe(module)), make)
    return KarpenterBinaries(folder / "karpenter", folder / "crds", folder / "instance_types.json")


def prometheus(reporter: Reporter) -> PrometheusBinaries:
    """Take `PROMETHEUS_BIN`, else what is on PATH, else Debian's package, else build it."""
    named = os.environ.get("PROMETHEUS_BIN") or shutil.which("prometheus")
    if named:
        return _pair(Path(named))
    try:
        return _pair(_debian_prometheus(reporter) / "usr" / "bin" / "prometheus")
    except UnavailableError as refusal:
        reporter.say(f"Prometheus from Debian: {refusal}")
    return _pair(_built_prometheus(reporter) / "prometheus")


def livekit(reporter: Reporter) -> Path:
    """Take `LIVEKIT_BIN`, else what is on PATH, else build it."""
    named = os.environ.get("LIVEKIT_BIN") or shutil.which("livekit-server")
    if named:
        if not Path(named).is_file():
            raise UnavailableError(f"{named} is not there")
        return Path(named)
    module = MODULES / "livekit"

    def make(folder: Path) -> None:
        go.build(
            go.find(reporter),
            module=module,
            package="github.com/livekit/livekit-server/cmd/server",
            output=folder / "livekit-server",
            reporter=reporter,
        )

    return cache.filled(cache.place("livekit", LIVEKIT, _recipe(module)), make) / "livekit-server"


def _plane_folder(reporter: Reporter) -> Path:
    module = MODULES / "plane"
    major, minor, _ = KUBERNETES.split(".")
    stamps = {"gitVersion": f"v{KUBERNETES}", "gitMajor": major, "gitMinor": minor}
    stamps["gitTreeState"] = "clean"  # unset, a server would call itself v0.0.0-master
    flags = " ".join(f"-X k8s.io/component-base/version.{k}={v}" for k, v in stamps.items())

    def make(folder: Path) -> None:
        go.build(
            go.find(reporter),
            module=module,
            package=".",
            output=folder / "plane",
            reporter=reporter,
            ldflags=flags,
        )

    return cache.filled(cache.place("plane", KUBERNETES, _recipe(module)), make)


def _debian_prometheus(reporter: Reporter) -> Path:
    """Unpack Debian's package into the cache: nothing is installed and no service starts."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise UnavailableError("apt-get and dpkg-deb are not here")

    def make(folder: Path) -> None:
        with reporter.task("prometheus: fetching Debian's package"):
            download = ["apt-get", "download", "-o", "APT::Sandbox::User=root", "prometheus"]
            try:
                _run(download, folder)
            except UnavailableError:
                if os.geteuid() != 0:
                    raise
                _run(["apt-get", "update"], folder)  # a fresh machine knows no packages
                _run(download, folder)
            (package,) = folder.glob("*.deb")
            _run(["dpkg-deb", "--extract", package.name, "."], folder)
            package.unlink()
            _run(["usr/bin/prometheus", "--version"], folder)

    return cache.filled(cache.place("prometheus", "debian"), make)


def _built_prometheus(reporter: Reporter) -> Path:
    module = MODULES / "prometheus"

    def make(folder: Path) -> None:
        for command in ("prometheus", "promtool"):
            go.build(
                go.find(reporter),
                module=module,
                package=f"github.com/prometheus/prometheus/cmd/{command}",
                output=folder / command,
                reporter=reporter,
            )

    return cache.filled(cache.place("prometheus", PROMETHEUS, _recipe(module)), make)


def _pair(prometheus_file: Path) -> PrometheusBinaries:
    beside = prometheus_file.with_name("promtool")
    promtool = beside if beside.is_file() else shutil.which("promtool")
    if not prometheus_file.is_file() or promtool is None:
        raise UnavailableError(f"{prometheus_file} is not there, or has no promtool beside it")
    return PrometheusBinaries(prometheus_file, Path(promtool))


def _recipe(module: Path) -> list[Path]:
    return [file for name in ("go.mod", "go.sum", "main.go") if (file := module / name).is_file()]


def _run(command: list[str], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise UnavailableError(f"`{' '.join(command)}` failed: {result.stderr.strip()[-1000:]}")
