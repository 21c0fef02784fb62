"""The HTTP port against the reference provider; both sides are held against the OpenAPI file."""

from pathlib import Path

import pytest
from openapi_spec_validator import validate

from autoscaler.bandwidth.config import HTTPEndpoint
from autoscaler.bandwidth.provider import HTTPBandwidth
from autoscaler.controller.suppliers import Suppliers
from autoscaler.errors import BandwidthError, OrderConflictError, OrderRefusedError
from autoscaler.ports.bandwidth import BandwidthOrder, Supply
from autoscaler.resources.egresslink import ProviderType
from tests.autoscaler.bandwidth.conftest import transit
from tests.autoscaler.bandwidth.contract import document
from tests.autoscaler.bandwidth.reference import Answer, ReferenceProvider, problem
from tests.autoscaler.controller.fakes import AtOnce

LINK = transit()


def order_of(supply: Supply, to_mbps: int = 600) -> BandwidthOrder:
    return BandwidthOrder(link=LINK, supply=supply, to_mbps=to_mbps, because="P95 needs 590")


def order(bandwidth: HTTPBandwidth, to_mbps: int = 600) -> str:
    return bandwidth.order(order_of(bandwidth.read(LINK), to_mbps), may_order=lambda: True)


def test_the_contract_is_valid_openapi() -> None:
    validate(document())


def test_what_is_ordered_and_delivered_is_read(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth
) -> None:
    provider.ordered, provider.message = 700.5, "waits for finance"

    supply = bandwidth.read(LINK)

    assert (supply.ordered_mbps, supply.delivered_mbps) == (700.5, 400.0)
    assert supply.said == "waits for finance"


def test_an_order_is_a_total(provider: ReferenceProvider, bandwidth: HTTPBandwidth) -> None:
    assert order(bandwidth) == "order o-1 Accepted"
    assert provider.bought == [600.0]
    assert bandwidth.read(LINK).ordered_mbps == 600.0


def test_what_waits_for_approval_counts_as_ordered(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth
) -> None:
    provider.asks_above = 500.0

    assert order(bandwidth) == "order o-1 Pending: waits for finance"
    waiting = bandwidth.read(LINK)
    provider.refuse("no money")
    refused = bandwidth.read(LINK)

    assert (waiting.ordered_mbps, waiting.delivered_mbps) == (600.0, 400.0)
    assert (refused.ordered_mbps, refused.said) == (400.0, "no money")


def test_an_answer_that_got_lost_buys_nothing_twice(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth
) -> None:
    before = bandwidth.read(LINK)
    provider.forgets = True
    with pytest.raises(BandwidthError, match="cannot be reached"):
        bandwidth.order(order_of(before), may_order=lambda: True)
    provider.forgets = False

    # It is there already: the same order rests on what is no more true
    with pytest.raises(OrderConflictError, match="changed since it was read"):
        bandwidth.order(order_of(before), may_order=lambda: True)

    assert provider.bought == [600.0]


def test_the_same_order_has_the_same_key_and_another_has_another() -> None:
    supply = Supply(ordered_mbps=400.0, delivered_mbps=400.0, revision="1")
    moved = Supply(ordered_mbps=400.0, delivered_mbps=400.0, revision="3")

    assert order_of(supply).key == order_of(supply).key
    assert len({order_of(supply).key, order_of(moved).key, order_of(supply, 700).key}) == 3


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (problem(409, "ordered meanwhile"), OrderConflictError, "answers 409: ordered meanwhile"),
        (problem(412, "moved"), OrderConflictError, "answers 412: moved"),
        (problem(403, "not you"), OrderRefusedError, "answers 403: not you"),
        (problem(422, "not sold"), OrderRefusedError, "answers 422: not sold"),
        (problem(500, "oops"), BandwidthError, "provider desk answers 500: oops"),
        (Answer(502, "<html>", lie=True), BandwidthError, "answers 502: Bad Gateway"),
        (Answer(200, "yes", lie=True), BandwidthError, "does not answer with JSON"),
        (Answer(200, [], lie=True), BandwidthError, "does not answer by the contract"),
        (Answer(302, {}, {"Location": "http://127.0.0.1:1/"}, lie=True), BandwidthError, "302"),
        (Answer(200, "x" * 70_000, lie=True), BandwidthError, "more than 65536 bytes"),
        (
            Answer(200, {"orderId": "o", "state": "Refused", "totalMbps": 600, "message": "no"}),
            OrderRefusedError,
            "provider desk refuses: no",
        ),
        (
            Answer(201, {"orderId": "o", "state": "Accepted", "totalMbps": 6000}),
            BandwidthError,
            "took an order for 6000 Mbit/s, 600 were ordered",
        ),
    ],
)
def test_every_other_answer_is_one_of_our_errors(
    provider: ReferenceProvider,
    bandwidth: HTTPBandwidth,
    answer: Answer,
    error: type[Exception],
    words: str,
) -> None:
    supply = bandwidth.read(LINK)
    provider.next.extend([Answer(200, provider._state()), answer])

    with pytest.raises(error, match=words) as raised:
        bandwidth.order(order_of(supply), may_order=lambda: True)

    assert type(raised.value) is error
    assert provider.bought == []


@pytest.mark.parametrize(
    "changes",
    [
        {"orderedMbps": -1},
        {"orderedMbps": "600"},
        {"deliveredMbps": 1e300},
        {"deliveredMbps": None},
        {"revision": ""},
        {"linkId": "another"},
    ],
)
def test_nonsense_is_not_taken_for_a_number(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth, changes: dict[str, object]
) -> None:
    provider.next.append(Answer(200, {**provider._state(), **changes}, lie=True))

    with pytest.raises(BandwidthError, match="provider desk"):
        bandwidth.read(LINK)


def test_a_provider_that_is_gone_is_said(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth
) -> None:
    provider.close()

    with pytest.raises(BandwidthError, match=r"provider desk cannot be reached: .*refused"):
        bandwidth.read(LINK)


def test_a_provider_that_is_slow_is_not_waited_for(
    provider: ReferenceProvider, endpoint: HTTPEndpoint
) -> None:
    hasty = endpoint.model_copy(update={"timeout_seconds": 1})
    provider.gate.clear()

    with pytest.raises(BandwidthError, match="did not answer within 1 s"):
        HTTPBandwidth({"desk": hasty}, unchanged=lambda _: True).read(LINK)

    assert len(provider.seen) <= 1


def test_a_busy_provider_is_left_alone_for_as_long_as_it_asks(
    provider: ReferenceProvider, endpoint: HTTPEndpoint
) -> None:
    now = [0.0]
    bandwidth = HTTPBandwidth(
        {"desk": endpoint}, unchanged=lambda _: True, monotonic=lambda: now[0]
    )
    provider.next.append(problem(429, "slow down", Retry_After="100000"))

    with pytest.raises(BandwidthError, match="429: slow down"):
        bandwidth.read(LINK)
    now[0] = 599.0
    with pytest.raises(BandwidthError, match="asked not to be asked for another 1 s"):
        bandwidth.read(LINK)
    assert len(provider.seen) == 1
    now[0] = 601.0

    assert bandwidth.read(LINK).ordered_mbps == 400.0


def test_the_token_is_read_anew_for_each_request(
    provider: ReferenceProvider, endpoint: HTTPEndpoint, bandwidth: HTTPBandwidth
) -> None:
    file = Path(endpoint.token_file)
    good = file.read_text()
    file.write_text("old")
    with pytest.raises(BandwidthError, match="answers 401"):
        bandwidth.read(LINK)
    file.write_text(good)

    assert bandwidth.read(LINK)


@pytest.mark.parametrize("content", ["", "two\nlines", None])
def test_a_token_file_without_a_token_is_said(
    endpoint: HTTPEndpoint, bandwidth: HTTPBandwidth, content: str | None
) -> None:
    file = Path(endpoint.token_file)
    file.unlink() if content is None else file.write_text(content)

    with pytest.raises(BandwidthError, match="tokenFile of provider desk"):
        bandwidth.read(LINK)


def test_a_provider_that_nobody_configured_is_said(bandwidth: HTTPBandwidth) -> None:
    link = transit(provider={"type": "HTTP", "http": {"name": "other", "linkId": "euw1"}})

    with pytest.raises(BandwidthError, match="knows no provider other: it must be one of desk"):
        bandwidth.read(link)


def test_a_link_that_changed_or_a_leader_that_was_lost_orders_nothing(
    provider: ReferenceProvider, endpoint: HTTPEndpoint, bandwidth: HTTPBandwidth
) -> None:
    supply = bandwidth.read(LINK)
    changed = HTTPBandwidth({"desk": endpoint}, unchanged=lambda _: False)

    with pytest.raises(OrderConflictError, match="the link changed"):
        changed.order(order_of(supply), may_order=lambda: True)
    with pytest.raises(OrderConflictError, match="does not lead"):
        bandwidth.order(order_of(supply), may_order=lambda: False)

    assert provider.bought == []


def test_an_order_lost_on_the_way_back_is_found_to_be_placed(
    provider: ReferenceProvider, bandwidth: HTTPBandwidth
) -> None:
    suppliers = Suppliers({ProviderType.HTTP: bandwidth}, AtOnce())
    known = suppliers.look([LINK], now=0)["media/transit"]
    assert known.supply is not None
    provider.forgets = True
    suppliers.place([order_of(known.supply)], may_order=lambda: True)
    provider.forgets = False

    after = suppliers.look([LINK], now=5)["media/transit"]

    assert after.trouble is not None
    assert after.trouble.reason == "OrderFailed"
    assert after.supply is not None
    assert after.supply.ordered_mbps == 600.0
    assert provider.bought == [600.0]
