"""Ingest's indexes. Safe to run twice, and while the service runs."""

from services.ingest.store.connections import ONE_PER_ACCOUNT
from services.ingest.store.visitor_lines import ONE_NUMBER
from shared.settings import KithSettings
from shared.storage.erased import ErasedChats
from shared.storage.mongo import connect, database

UNKNOWN_SECONDS = 30 * 24 * 60 * 60


async def migrate(settings: KithSettings) -> None:
    """Make what is missing."""
    client = connect(settings)
    try:
        ours = database(client, settings, "ingest")
        await ours["connections"].create_index(
            [("workspace_id", 1), ("channel", 1), ("account_id", 1)], unique=True, name=ONE_PER_ACCOUNT
        )
        await ours["messages"].create_index(
            [("workspace_id", 1), ("chat", 1), ("at", -1), ("_id", -1)], name="newest_of_chat"
        )
        await ours["messages"].create_index(
            [("unpublished", 1), ("at", 1)],
            partialFilterExpression={"unpublished": True},
            name="agents_words_to_publish",
        )
        await ours["unknown_updates"].create_index(
            [("time", 1)], expireAfterSeconds=UNKNOWN_SECONDS, name="kept_30_days"
        )
        await ours["visitor_lines"].create_index(
            [("workspace_id", 1), ("chat", 1), ("n", 1)], unique=True, name=ONE_NUMBER
        )
        await ErasedChats(ours).make_index()
        await ours["outbox"].create_index([("at", 1)], name="oldest_first")
    finally:
        client.close()
