"""The indexes of broadcast's database; safe to run twice."""

from datetime import timedelta

from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.receipts import KEPT_EARLY
from shared.settings import KithSettings
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Database, connect, database


async def migrate(settings: KithSettings) -> None:
    """Make the indexes that are missing."""
    client = connect(settings)
    try:
        await make_indexes(database(client, settings, "broadcast"), BroadcastSettings().ledger_keep_days)
    finally:
        client.close()


async def make_indexes(owned: Database, keep_days: int) -> None:
    """Few and mostly partial: every message passes through them several times."""
    ledger = owned.get_collection("ledger")
    for name, status in (("planned_rows", "planned"), ("sending_rows", "sending")):
        await ledger.create_index(
            [("status", 1), ("connection_id", 1), ("seq", 1)], name=name, partialFilterExpression={"status": status}
        )
    await ledger.create_index(
        [("reported", 1), ("finished_at", 1)], name="unreported_rows", partialFilterExpression={"reported": False}
    )
    await ledger.create_index(
        "finished_at", name="settled_rows_go", expireAfterSeconds=int(timedelta(days=keep_days).total_seconds())
    )
    await ledger.create_index(
        [("connection_id", 1), ("provider_message_id", 1)],
        name="by_provider_id",
        partialFilterExpression={"provider_message_id": {"$gt": ""}},
    )
    await ErasedChats(owned).make_index()
    early = owned.get_collection("early_receipts")
    await early.create_index("at", name="early_ones_go", expireAfterSeconds=int(KEPT_EARLY.total_seconds()))
    await ledger.create_index([("workspace_id", 1), ("seq", -1)], name="newest")
    await ledger.create_index([("workspace_id", 1), ("chat_contact_id", 1), ("seq", -1)], name="of_a_chat")
    await ledger.create_index(
        [("workspace_id", 1), ("seq", -1)], name="to_decide", partialFilterExpression={"status": "unknown"}
    )
