"""Notification's indexes. Safe to run twice, and while services run."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notification.store.alert_indexes import make_alert_indexes
from services.notification.store.request_lists import HISTORY_INDEXES
from services.notification.store.request_lists import INDEXES as REQUEST_INDEXES
from shared.settings import KithSettings
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Database, connect, database

KEPT_SECONDS = 24 * 60 * 60
"""For how long a change can be read again after a lost line."""

_LIVE = [
    IndexModel([("workspace_id", ASCENDING), ("n", ASCENDING)], unique=True, name="one_per_number"),
    IndexModel(
        [("workspace_id", ASCENDING), ("kind", ASCENDING), ("id", ASCENDING), ("rev", DESCENDING)],
        unique=True,
        name="one_per_rev",
    ),
    IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS, name="ends"),
]

_WAITING = [
    IndexModel([("workspace_id", ASCENDING), ("_id", ASCENDING)], name="by_workspace"),
    IndexModel(
        [("workspace_id", ASCENDING), ("kind", ASCENDING), ("id", ASCENDING), ("rev", ASCENDING)],
        unique=True,
        name="one_per_rev",
    ),
]

_QUEUES = [
    IndexModel(
        [("workspace_id", ASCENDING), ("connection_ids", ASCENDING)],
        unique=True,
        name="one_queue_per_connection",
        partialFilterExpression={"connection_ids": {"$gt": ""}},
    ),
    IndexModel([("form_key", ASCENDING)], unique=True, name="one_per_form_key"),
    IndexModel([("workspace_id", ASCENDING), ("active", ASCENDING), ("created_at", ASCENDING)], name="by_age"),
]
_OUTBOX = [IndexModel([("at", ASCENDING)], name="by_age")]


async def migrate(settings: KithSettings) -> None:
    """Make every index that is missing."""
    client = connect(settings)
    try:
        await make_indexes(database(client, settings, "notification"))
    finally:
        client.close()


async def make_indexes(owned: Database) -> None:
    """Make every index that is missing in notification's database."""
    await owned["live"].create_indexes(_LIVE)
    await owned["live_waiting"].create_indexes(_WAITING)
    await owned["queues"].create_indexes(_QUEUES)
    await owned["requests"].create_indexes(REQUEST_INDEXES)
    await owned["request_history"].create_indexes(HISTORY_INDEXES)
    await owned["outbox"].create_indexes(_OUTBOX)
    await make_alert_indexes(owned)
    await ErasedChats(owned).make_index()
    there = await owned.list_collection_names()
    for name in {"numbers", "request_numbers"} - set(there):
        await owned.create_collection(name)  # a change stream and a transaction want it to be there
