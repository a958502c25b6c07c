"""Walking a whole collection in the order of its ids: in chunks, from a place on, so that no cursor stays open."""

from collections.abc import AsyncIterator

from shared.storage.mongo import Collection, Document

AT_ONCE = 1000


async def by_id(collection: Collection, fields: Document, where: Document | None = None) -> AsyncIterator[Document]:
    """Give these fields of every document, ids rising. What is inserted meanwhile may be among them or not."""
    after: Document = {}
    while True:
        found = await collection.find((where or {}) | after, fields).sort("_id", 1).limit(AT_ONCE).to_list(AT_ONCE)
        for document in found:
            yield document
        if len(found) < AT_ONCE:
            return
        after = {"_id": {"$gt": found[-1]["_id"]}}
