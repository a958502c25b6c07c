"""A person is erased from broadcast: their deliveries go, and a topic read again sends them nothing a second time."""

from datetime import UTC, datetime, timedelta

from services.broadcast.channels.telegram.send import TelegramSender
from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.ledger import Ledger
from services.broadcast.store.personal import PersonalData
from services.broadcast.usecases.plan_deliveries import PlanDeliveries
from shared.contracts import topics
from shared.contracts.erasure import ErasedChat, ErasureDoneV1, ErasureRequestedV1
from shared.messaging.erasing import Erasing
from shared.storage.erased import ErasedChats
from tests.broadcast.house import House


async def test_deliveries_go_and_nothing_is_sent_again(house: House, settings: BroadcastSettings) -> None:
    theirs = [house.message("7001", "canary text"), house.message("7001", "canary text too")]
    others = house.message("7002", "stays")
    await house.plan(*theirs, others)
    chat = theirs[0].chat
    await house.database.early_receipts.insert_one({"_id": f"{house.connection}/p1", "status": "read"})
    await house.database.ledger.update_one({"_id": theirs[0].id}, {"$set": {"provider_message_id": "p1"}})
    personal = PersonalData(house.database)
    assert len(await personal.deliveries(house.workspace, [theirs[0].chat_contact_id])) == 2
    assert await personal.deliveries("w_other", [theirs[0].chat_contact_id]) == []

    request = ErasureRequestedV1(
        id="er_1",
        time=datetime.now(UTC) + timedelta(seconds=1),
        workspace_id=house.workspace,
        client_ids=("cl_1",),
        chats=(ErasedChat(id=theirs[0].chat_contact_id, chat=chat),),
    )
    await house.mark()
    erase = Erasing("broadcast", house.database.client, house.database, house.publisher, personal.remove)
    await erase([request])
    (answer,) = await house.published(topics.ERASURE)
    assert isinstance(answer, ErasureDoneV1)
    assert answer.removed == {"deliveries": 2, "receipts": 1}
    assert [row["_id"] for row in await house.rows()] == [others.id]
    assert await house.database.early_receipts.count_documents({}) == 0

    clock = DatabaseClock(house.database)
    plan = PlanDeliveries(
        Ledger(house.database, clock),
        clock,
        {"telegram": TelegramSender(settings)},
        lambda _ids: None,
        lambda _rows: None,
        ErasedChats(house.database),
    )
    await plan([*theirs, others])  # the topic is read again
    assert [row["_id"] for row in await house.rows()] == [others.id]
    later = house.message("7001", "hello again").model_copy(update={"time": request.time + timedelta(seconds=5)})
    await plan([later])
    assert {row["_id"] for row in await house.rows()} == {others.id, later.id}
