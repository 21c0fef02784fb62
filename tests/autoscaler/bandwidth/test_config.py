from pathlib import Path

import pytest

from autoscaler.bandwidth.config import load_endpoints
from autoscaler.errors import SpecError

GOOD: dict[str, object] = {
    "name": "desk",
    "url": "https://bandwidth.example.com/",
    "tokenFile": "/run/token",
}


def written(tmp_path: Path, *providers: dict[str, object]) -> Path:
    import yaml

    file = tmp_path / "providers.yaml"
    file.write_text(yaml.safe_dump({"providers": list(providers)}))
    return file


def test_providers_are_read_by_name(tmp_path: Path) -> None:
    found = load_endpoints(written(tmp_path, GOOD, {**GOOD, "name": "other"}))

    assert set(found) == {"desk", "other"}
    assert found["desk"].url == "https://bandwidth.example.com"
    assert found["desk"].timeout_seconds == 10


def test_no_providers_are_none(tmp_path: Path) -> None:
    assert load_endpoints(written(tmp_path)) == {}


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ({**GOOD, "url": "http://bandwidth.example.com"}, "must begin with https://"),
        ({**GOOD, "url": "ftp://127.0.0.1"}, "must begin with https://"),
        ({**GOOD, "url": "https://me:pw@example.com"}, "and no more"),
        ({**GOOD, "url": "bandwidth.example.com"}, "must be an address"),
        ({**GOOD, "token": "s3cret"}, "providers.0.token"),
        ({**GOOD, "timeoutSeconds": 600}, "providers.0.timeoutSeconds is 600"),
        ({"name": "desk"}, "providers.0.url"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(
    tmp_path: Path, provider: dict[str, object], words: str
) -> None:
    with pytest.raises(SpecError, match=words):
        load_endpoints(written(tmp_path, provider))


def test_one_name_is_one_provider(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="desk comes twice"):
        load_endpoints(written(tmp_path, GOOD, GOOD))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"--bandwidth-providers .*nowhere"):
        load_endpoints(tmp_path / "nowhere")


def test_the_same_host_may_go_without_encryption(tmp_path: Path) -> None:
    assert load_endpoints(written(tmp_path, {**GOOD, "url": "http://127.0.0.1:80"}))
