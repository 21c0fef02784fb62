"""What is told outside the tick: the newest under each key, and nothing lost to a short outage."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from autoscaler.controller import outbox as module
from autoscaler.controller.outbox import Outbox
from autoscaler.errors import KubernetesError, UnavailableError

SOON = 5.0


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    outbox = Outbox()
    yield outbox
    outbox.close(0.0)


def test_a_newer_message_replaces_the_one_that_waits(outbox: Outbox) -> None:
    sent: list[str] = []
    outbox.put("status/eu", lambda: sent.append("old"))
    outbox.put("status/us", lambda: sent.append("other"))
    outbox.put("status/eu", lambda: sent.append("new"))

    outbox.start()

    assert outbox.flush(SOON)
    assert sorted(sent) == ["new", "other"]


def test_of_two_under_one_key_the_newer_arrives_last(outbox: Outbox) -> None:
    sent: list[str] = []
    entered, go = threading.Event(), threading.Event()

    def slow() -> None:
        entered.set()
        go.wait(SOON)
        sent.append("old")

    outbox.start()
    outbox.put("status/eu", slow)
    assert entered.wait(SOON)
    outbox.put("status/eu", lambda: sent.append("new"))
    go.set()

    assert outbox.flush(SOON)
    assert sent == ["old", "new"]


def test_messages_wait_while_it_is_in_doubt_whether_they_may_be_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    asked, sent = [False, False, True], []
    outbox = Outbox(may_send=lambda: asked.pop(0) if len(asked) > 1 else asked[0])
    outbox.put("status/eu", lambda: sent.append("eu"))

    outbox.start()

    assert outbox.flush(SOON)
    assert sent == ["eu"]
    assert asked == [True]
    outbox.close(0.0)


def test_what_may_not_be_sent_goes_with_the_term(outbox: Outbox) -> None:
    sent: list[str] = []
    silent = Outbox(may_send=lambda: False)
    silent.put("status/eu", lambda: sent.append("eu"))
    silent.start()

    assert not silent.close(0.05)
    assert sent == []


def test_what_the_api_server_did_not_take_is_sent_again(outbox: Outbox) -> None:
    answers = iter([UnavailableError("no answer"), None])

    def send() -> None:
        if (error := next(answers)) is not None:
            raise error

    outbox.start()
    outbox.put("status/eu", send)

    assert outbox.flush(SOON)
    assert next(answers, "all used") == "all used"


@pytest.mark.parametrize("error", [KubernetesError("403 forbidden"), ZeroDivisionError()])
def test_what_will_never_be_taken_is_dropped_and_keeps_nothing_else(
    outbox: Outbox, error: Exception
) -> None:
    sent: list[str] = []

    def refuse() -> None:
        raise error

    outbox.start()
    outbox.put("status/eu", refuse)
    outbox.put("status/us", lambda: sent.append("us"))

    assert outbox.flush(SOON)
    assert sent == ["us"]


def test_a_full_box_drops_the_oldest(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CAPACITY", 2)
    sent: list[int] = []
    for number in range(3):
        outbox.put(str(number), partial(sent.append, number))

    outbox.start()

    assert outbox.flush(SOON)
    assert sorted(sent) == [1, 2]


def test_closing_does_not_wait_for_an_api_server_that_is_gone(outbox: Outbox) -> None:
    def send() -> None:
        raise UnavailableError("no answer")

    outbox.start()
    outbox.put("status/eu", send)

    assert not outbox.close(0.05)
