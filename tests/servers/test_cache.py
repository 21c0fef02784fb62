from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import cache


def test_the_xdg_cache_folder_is_respected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.place("plane", "1.36.2") == tmp_path / "meetscale" / "plane" / "1.36.2"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.root() == Path.home() / ".cache" / "meetscale"


def test_another_recipe_is_another_folder(tmp_path: Path) -> None:
    recipe = tmp_path / "go.mod"
    recipe.write_text("one")
    one = cache.place("plane", "1", [recipe])
    recipe.write_text("two")
    assert cache.place("plane", "1", [recipe]) != one


def test_a_folder_is_filled_once(tmp_path: Path) -> None:
    calls = []

    def fill(folder: Path) -> None:
        calls.append(folder)
        (folder / "binary").write_text("built")

    for _ in range(2):
        folder = cache.filled(tmp_path / "plane" / "1", fill)
        assert (folder / "binary").read_text() == "built"
    assert len(calls) == 1


def test_an_interrupted_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.filled(tmp_path / "1", interrupted)
    assert [file.name for file in tmp_path.iterdir()] == [".1.lock"]
