"""Collections, indexes and what older documents lack, made before the service starts; safe to run twice."""

from contextlib import suppress

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.errors import CollectionInvalid

from services.identity.domain.decisions import pair_id
from services.identity.domain.facets import words_of
from services.identity.domain.merging import merge_id_of
from services.identity.store.documents import chat_contact_from
from services.identity.store.import_indexes import IMPORT_INDEXES
from services.identity.store.told_indexes import TOLD
from shared.settings import KithSettings
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Database, connect, database

BY_NEWEST = "by_newest"
BY_CONTACT_ID = "by_contact_id"
BY_KIND = "by_kind"
BY_WORD = "by_word"
BY_CREATED = "by_created"
BY_FACET = "by_facet"
BY_CLIENT = "by_client"
BY_EVIDENCE = "by_evidence"
BY_LISTED = "by_listed"
BY_STATUS = "by_status_newest"
BY_THROUGH = "by_through"
ONE_HOLDER = "one_holder"
ONE_CONTACT_KEY = "one_contact_key"
BY_CODE = "by_code"
FILLED_AT_ONCE = 500
JOBS_KEPT_SECONDS = 30 * 24 * 3600
"""After they ended."""

ONE_NAME = IndexModel([("workspace_id", ASCENDING), ("name_key", ASCENDING)], name="one_tag_name", unique=True)
"""Of each kind of label. Tags had it first, and an index keeps its name."""

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
        IndexModel(
            [
                *(("workspace_id", ASCENDING), ("channel", ASCENDING), ("proactive", ASCENDING)),
                *(("reactive", ASCENDING), ("newest", DESCENDING), ("_id", ASCENDING)),
            ],
            name=BY_KIND,
        ),
        # by when they were made, not by `newest`: a message would move each of a person's words in the index
        IndexModel(
            [("workspace_id", ASCENDING), ("words", ASCENDING), ("created_at", DESCENDING), ("_id", ASCENDING)],
            name=BY_WORD,
        ),
        # few have a code; everybody else costs nothing here
        IndexModel(
            [("workspace_id", ASCENDING), ("external_code", ASCENDING)],
            name=BY_CODE,
            partialFilterExpression={"external_code": {"$gt": ""}},
        ),
        # whom a refused phone or email was given by; most chats gave none, and are not in it
        IndexModel(
            [("workspace_id", ASCENDING), ("evidence.value", ASCENDING), ("_id", ASCENDING)],
            name=BY_EVIDENCE,
            partialFilterExpression={"evidence.value": {"$gt": ""}},
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
        IndexModel(
            [("workspace_id", ASCENDING), ("status", ASCENDING), ("at", DESCENDING), ("_id", ASCENDING)],
            name=BY_STATUS,
        ),
        IndexModel([("workspace_id", ASCENDING), ("clients", ASCENDING), ("status", ASCENDING)], name=BY_CLIENT),
    ],
    "apart": [],
    "refusals": [
        IndexModel(
            [("workspace_id", ASCENDING), ("listed", ASCENDING), ("at", DESCENDING), ("_id", ASCENDING)],
            name=BY_LISTED,
        ),
        IndexModel(
            [("workspace_id", ASCENDING), ("through.subject_id", ASCENDING), ("_id", ASCENDING)],
            name=BY_THROUGH,
            partialFilterExpression={"through.subject_id": {"$gt": ""}},
        ),
    ],
    "fields": [
        IndexModel([("workspace_id", ASCENDING), ("key", ASCENDING)], name="one_field_key", unique=True),
        IndexModel([("workspace_id", ASCENDING), ("name_key", ASCENDING)], name="one_field_name", unique=True),
    ],
    "categories": [
        IndexModel([("workspace_id", ASCENDING), ("name_key", ASCENDING)], name="one_category_name", unique=True),
    ],
    **TOLD,
    **IMPORT_INDEXES,
    "tags": [ONE_NAME],
    "groups": [ONE_NAME],
    "segments": [ONE_NAME],
    "jobs": [
        IndexModel([("open", ASCENDING), ("turn_at", ASCENDING)], name="by_turn"),
        IndexModel([("workspace_id", ASCENDING), ("made_at", DESCENDING), ("_id", ASCENDING)], name="by_made"),
        IndexModel([("ended_at", ASCENDING)], name="kept_for", expireAfterSeconds=JOBS_KEPT_SECONDS),
    ],
    "erasures": [
        IndexModel([("workspace_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="newest_erasures"),
        IndexModel([("asked_at", ASCENDING)], name="open_erasures", partialFilterExpression={"open": True}),
    ],
    "outbox": [IndexModel([("at", ASCENDING)], name="by_age")],
}


async def migrate(settings: KithSettings) -> None:
    """Make what is missing in identity's database."""
    client = connect(settings)
    try:
        target = database(client, settings, "identity")
        await make_indexes(target)
        await fill_words(target)
        await name_merges(target)
        await pair_suggestions(target)
    finally:
        client.close()


async def make_indexes(target: Database) -> None:
    """Make the collections and indexes that are missing in a database."""
    there = set(await target.list_collection_names())
    for name, indexes in INDEXES.items():
        if name not in there:
            with suppress(CollectionInvalid):  # somebody else made it in the same moment
                await target.create_collection(name)
        if indexes:
            await target[name].create_indexes(indexes)
    await ErasedChats(target).make_index()


async def name_merges(target: Database) -> int:
    """Give merges of before, whose `_id` was their event's, the id that follows from it; returns how many."""
    merges, named = target["merges"], 0
    async for found in merges.find({"_id": {"$not": {"$regex": "^mg_"}}}):
        id_ = merge_id_of(found["workspace_id"], found["_id"])
        await merges.replace_one({"_id": id_}, {**found, "_id": id_}, upsert=True)
        await merges.delete_one({"_id": found["_id"]})
        named += 1
    return named


async def pair_suggestions(target: Database) -> int:
    """Make suggestions of before, one for each event, into one for each pair; returns how many there were."""
    kept, paired = target["suggestions"], 0
    async for found in kept.find({"clients": None}):
        for doubt in found["about"]:
            pair = sorted([found["client_id"], doubt["other_client_id"]])
            about = {name: doubt[name] for name in ("evidence", "reason")}
            await kept.update_one(
                {"_id": pair_id(found["workspace_id"], *pair)},
                {
                    "$setOnInsert": {
                        **{name: found[name] for name in ("workspace_id", "client_id", "status", "at")},
                        "other_client_id": doubt["other_client_id"],
                        "clients": pair,
                    },
                    "$addToSet": {"about": about | {"chat_contact_id": found["chat_contact_id"]}},
                },
                upsert=True,
            )
        await kept.delete_one({"_id": found["_id"]})
        paired += 1
    return paired


async def fill_words(target: Database, batch: int = FILLED_AT_ONCE) -> int:
    """Write `words` where a document was stored before there were any; returns how many were.

    The index tells which ones lack them. Who is changed in the same moment gets theirs in the next round.
    """
    contacts, filled = target["chat_contacts"], 0
    for workspace_id in await contacts.distinct("workspace_id"):
        while True:
            lacking = contacts.find({"workspace_id": workspace_id, "words": None}).hint(BY_WORD).limit(batch)
            found = [chat_contact_from(document) for document in await lacking.to_list(None)]
            if not found:
                break
            done = await contacts.bulk_write(
                [
                    UpdateOne({"_id": contact.id, "rev": contact.rev}, {"$set": {"words": words_of(contact)}})
                    for contact in found
                ],
                ordered=False,
            )
            filled += done.modified_count
    return filled
