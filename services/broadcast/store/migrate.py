"""The indexes of broadcast's database; safe to run twice."""

from datetime import timedelta

from services.broadcast.settings import BroadcastSettings
from shared.settings import KithSettings
from shared.storage.mongo import Database, connect, database


async def migrate(settings: KithSettings) -> None:
    """Make the indexes that are missing."""
    client = connect(settings)
    try:
        await make_indexes(database(client, settings, "broadcast"), BroadcastSettings().ledger_keep_days)
    finally:
        client.close()


async def make_indexes(owned: Database, keep_days: int) -> None:
    """Few and mostly partial: every message passes through them."""
    ledger = owned.get_collection("ledger")
    await ledger.create_index(
        [("connection_id", 1), ("seq", 1)], name="waiting", partialFilterExpression={"status": "planned"}
    )
    await ledger.create_index(
        [("connection_id", 1), ("fence", 1)], name="in_flight", partialFilterExpression={"status": "sending"}
    )
    await ledger.create_index("finished_at", name="unreported", partialFilterExpression={"reported": False})
    await ledger.create_index(
        [("finished_at", -1)],
        name="settled_go_in_time",
        partialFilterExpression={"reported": True},
        expireAfterSeconds=int(timedelta(days=keep_days).total_seconds()),
    )
    await ledger.create_index([("workspace_id", 1), ("seq", -1)], name="newest")
    await ledger.create_index([("workspace_id", 1), ("chat_contact_id", 1), ("seq", -1)], name="of_a_chat")
    await ledger.create_index(
        [("workspace_id", 1), ("seq", -1)],
        name="to_decide",
        partialFilterExpression={"status": "unknown"},
    )
