"""The one place that makes a MongoDB client. Nothing outside `storage` and `store` depends on which driver it is."""

from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.settings import KithSettings

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]
Session = AsyncIOMotorClientSession

QUERY_MILLISECONDS = 2_000
"""The longest a list query may take; it ends with an error that says so."""


def connect(settings: KithSettings) -> Client:
    """Make a client whose writes are acknowledged by a majority, journal and all."""
    return AsyncIOMotorClient(
        settings.mongo,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=30_000,
        maxPoolSize=64,
        appname="kith",
        tz_aware=True,
        tzinfo=UTC,
    )


def database(client: Client, settings: KithSettings, service: str) -> Database:
    """Return the database that a service owns."""
    return client.get_database(
        f"{settings.database_prefix}_{service}",
        codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
        write_concern=WriteConcern(w="majority", j=True),
        read_concern=ReadConcern("majority"),
    )


async def is_up(client: Client) -> bool:
    """Tell whether a primary answers."""
    answer = await client.admin.command("hello")
    return bool(answer.get("isWritablePrimary"))
