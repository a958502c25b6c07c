"""Collections and indexes, made before the service starts; safe to run twice."""

from contextlib import suppress

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import CollectionInvalid

from shared.settings import KithSettings
from shared.storage.mongo import Database, connect, database

BY_NEWEST = "by_newest"
BY_CONTACT_ID = "by_contact_id"
BY_CREATED = "by_created"
BY_FACET = "by_facet"
ONE_HOLDER = "one_holder"
ONE_CONTACT_KEY = "one_contact_key"

INDEXES: dict[str, list[IndexModel]] = {
    "chat_contacts": [
        # `visitor` comes before what is ordered by, so that Without Contacts walks visitors alone
        IndexModel(
            [("workspace_id", ASCENDING), ("visitor", ASCENDING), ("newest", DESCENDING), ("_id", ASCENDING)],
            name=BY_NEWEST,
        ),
        IndexModel(
            [("workspace_id", ASCENDING), ("visitor", ASCENDING), ("contact_id", ASCENDING), ("_id", ASCENDING)],
            name=BY_CONTACT_ID,
        ),
    ],
    "clients": [
        IndexModel(
            [("workspace_id", ASCENDING), ("created_at", DESCENDING), ("_id", ASCENDING)],
            name=BY_CREATED,
        ),
        IndexModel(
            [("workspace_id", ASCENDING), ("facets", ASCENDING), ("created_at", DESCENDING), ("_id", ASCENDING)],
            name=BY_FACET,
        ),
        # who holds a value is decided here, never by a look before the write
        IndexModel(
            [("workspace_id", ASCENDING), ("ids", ASCENDING)],
            name=ONE_HOLDER,
            unique=True,
            partialFilterExpression={"ids": {"$gt": ""}},
        ),
        IndexModel(
            [("workspace_id", ASCENDING), ("contact_key", ASCENDING)],
            name=ONE_CONTACT_KEY,
            unique=True,
            partialFilterExpression={"contact_key": {"$gt": ""}},
        ),
    ],
    "merges": [
        IndexModel([("workspace_id", ASCENDING), ("absorbed_id", ASCENDING), ("at", DESCENDING)], name="by_absorbed"),
        IndexModel([("workspace_id", ASCENDING), ("survivor_id", ASCENDING), ("at", DESCENDING)], name="by_survivor"),
    ],
    "suggestions": [
        IndexModel([("workspace_id", ASCENDING), ("status", ASCENDING), ("at", DESCENDING)], name="by_status"),
    ],
    "outbox": [IndexModel([("at", ASCENDING)], name="by_age")],
}


async def migrate(settings: KithSettings) -> None:
    """Make what is missing in identity's database."""
    client = connect(settings)
    try:
        await make_indexes(database(client, settings, "identity"))
    finally:
        client.close()


async def make_indexes(target: Database) -> None:
    """Make the collections and indexes that are missing in a database."""
    there = set(await target.list_collection_names())
    for name, indexes in INDEXES.items():
        if name not in there:
            with suppress(CollectionInvalid):  # somebody else made it in the same moment
                await target.create_collection(name)
        await target[name].create_indexes(indexes)
