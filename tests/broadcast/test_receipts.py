"""What a provider tells later reaches the ledger and `delivery.v1`, whenever it comes and however often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.chat import ChatRef
from shared.contracts.sending import DeliveryUpdatedV1, MessageRequestedV1, ReceiptReceivedV1
from tests.broadcast.house import House, a_broadcast, until
from tests.broadcast.telegram import Telegram, refused


def receipt(house: House, message: MessageRequestedV1, status: str, **told: Any) -> ReceiptReceivedV1:
    now = datetime.now(UTC)
    return ReceiptReceivedV1.model_validate(
        {
            "id": f"{message.id}/{status}/{now.timestamp()}",
            "time": now,
            "workspace_id": house.workspace,
            "chat": message.chat,
            "status": status,
            **told,
        }
    )


async def told(house: House, message: MessageRequestedV1) -> list[str]:
    """Return what `delivery.v1` says of a message, each status once, in the order of the events' times."""
    found = [e for e in await house.published(topics.DELIVERY) if isinstance(e, DeliveryUpdatedV1)]
    mine = sorted((e for e in found if e.outbound_id == message.id), key=lambda event: event.time)
    return list(dict.fromkeys(event.status for event in mine))


async def until_told(house: House, message: MessageRequestedV1, *statuses: str) -> None:
    async def there() -> bool:
        return await told(house, message) == list(statuses)

    await until(there)


async def test_delivered_and_read_are_told_once_and_nothing_goes_back(
    house: House, settings: BroadcastSettings
) -> None:
    message = house.message("5551")
    async with a_broadcast(settings):
        await house.ask(message)
        await house.until_statuses({"sent": 1})
        by_id = {"provider_message_ids": [(await house.row(message.id))["provider_message_id"]]}
        delivered = receipt(house, message, "delivered", **by_id)
        await house.publisher.publish(topics.RECEIPT, [delivered, delivered])
        await until_told(house, message, "sent", "delivered")
        read = receipt(house, message, "read", **by_id)
        await house.publisher.publish(topics.RECEIPT, [read, delivered, receipt(house, message, "failed", **by_id)])
        await until_told(house, message, "sent", "delivered", "read")
    assert (await house.row(message.id))["status"] == "sent"


async def test_a_receipt_before_the_answer_to_its_own_request_counts(
    house: House, telegram: Telegram, settings: BroadcastSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The webhook may overtake the answer. The channel is made to be one that tells."""
    monkeypatch.setattr("services.broadcast.usecases.record_results.WITHOUT_RECEIPTS", frozenset())
    message = house.message("5551")
    async with a_broadcast(settings):
        await house.publisher.publish(
            topics.RECEIPT, [receipt(house, message, "delivered", provider_message_ids=["1"])]
        )

        async def kept() -> bool:
            return await house.database["early_receipts"].count_documents({"_id": f"{house.connection}/1"}) == 1

        await until(kept)
        await house.ask(message)

        async def arrived() -> bool:
            return (await house.row(message.id)).get("receipt") == "delivered"

        await until(arrived)
    assert len(telegram.sent) == 1


async def test_our_own_id_settles_what_was_unknown(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def faulty(_request: Any) -> Any:
        return refused(502, "Bad Gateway")

    telegram.answer = faulty
    message = house.message("5551")
    async with a_broadcast(settings):
        await house.ask(message)
        await house.until_statuses({"unknown": 1})
        await house.publisher.publish(
            topics.RECEIPT,
            [receipt(house, message, "delivered", provider_message_ids=["wamid.1"], ledger_id=message.id)],
        )
        await house.until_statuses({"sent": 1})
        await until_told(house, message, "unknown", "delivered")
    assert (await house.row(message.id))["provider_message_id"] == "wamid.1"


async def test_a_watermark_means_all_of_that_chat_until_then_and_no_other(
    house: House, settings: BroadcastSettings
) -> None:
    mine, other = house.message("5551"), house.message("5552")
    async with a_broadcast(settings):
        await house.ask(mine, other)
        await house.until_statuses({"sent": 2})
        long_ago = receipt(house, mine, "read", until=datetime.now(UTC) - timedelta(hours=1))
        await house.publisher.publish(topics.RECEIPT, [long_ago])
        later = datetime.now(UTC) + timedelta(minutes=1)
        await house.publisher.publish(topics.RECEIPT, [receipt(house, mine, "delivered", until=later)])
        await until_told(house, mine, "sent", "delivered")
        assert await told(house, other) == ["sent"]


async def test_failed_after_all_is_failed_with_its_reason_and_anothers_receipt_changes_nothing(
    house: House, settings: BroadcastSettings
) -> None:
    message = house.message("5551")
    async with a_broadcast(settings):
        await house.ask(message)
        await house.until_statuses({"sent": 1})
        foreign = ChatRef(channel="telegram", connection_id="cn_other", contact_id="5551")
        await house.publisher.publish(
            topics.RECEIPT,
            [
                receipt(house, message, "failed", provider_message_ids=["1"], chat=foreign),
                receipt(house, message, "failed", ledger_id=message.id, reason="outside_window"),
            ],
        )
        await house.until_statuses({"failed": 1})
        await until_told(house, message, "sent", "failed")
    assert (await house.row(message.id))["reason"] == "outside_window"
