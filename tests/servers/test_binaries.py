from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.servers import binaries, cache
from tests.servers.errors import UnavailableError
from tests.servers.progress import Reporter


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def reporter(said: io.StringIO) -> Reporter:
    return Reporter(Console(file=said, width=200))


def executable(file: Path) -> str:
    file.parent.mkdir(exist_ok=True)
    file.touch(mode=0o755)
    return str(file)


def test_kubebuilder_assets_come_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reporter: Reporter, said: io.StringIO
) -> None:
    assets = {part: (executable(tmp_path / part),) for part in binaries.PARTS}
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    assert binaries.plane(reporter).commands == assets
    assert said.getvalue() == ""


def test_what_kubebuilder_assets_lack_is_said_and_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reporter: Reporter, said: io.StringIO
) -> None:
    etcd = executable(tmp_path / "etcd")
    built = tmp_path / "built"
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    monkeypatch.setattr(cache, "filled", lambda *_: built)

    commands = binaries.plane(reporter).commands
    assert commands["etcd"] == (etcd,)
    assert commands["kube-scheduler"] == (str(built / "plane"), "kube-scheduler")
    assert "has no kube-apiserver, kube-controller-manager, kube-scheduler" in said.getvalue()


def test_prometheus_bin_comes_first_and_brings_its_promtool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reporter: Reporter
) -> None:
    named = executable(tmp_path / "prometheus")
    monkeypatch.setenv("PROMETHEUS_BIN", named)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="no promtool beside it"):
        binaries.prometheus(reporter)

    promtool = executable(tmp_path / "promtool")
    found = binaries.prometheus(reporter)
    assert (str(found.prometheus), str(found.promtool)) == (named, promtool)
