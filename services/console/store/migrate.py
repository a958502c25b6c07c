"""The console's indexes. Safe to run twice, and while services run."""

from pymongo import ASCENDING, IndexModel

from shared.settings import KithSettings
from shared.storage.mongo import Database, connect, database

_INVITATIONS_STAY = 30 * 24 * 3600
"""Seconds after an invitation's time is over until nothing of it is left."""
_INDEXES = {
    "users": [
        IndexModel([("email", ASCENDING)], unique=True, name="one_per_email"),
        IndexModel([("workspace_id", ASCENDING), ("email", ASCENDING)], name="by_email"),
        IndexModel([("workspace_id", ASCENDING), ("name", ASCENDING)], name="by_name"),
        IndexModel([("workspace_id", ASCENDING), ("created_at", ASCENDING)], name="by_age"),
    ],
    "workspaces": [IndexModel([("name", ASCENDING)], unique=True, name="one_per_name")],
    "api_keys": [
        IndexModel([("workspace_id", ASCENDING), ("created_at", ASCENDING)], name="by_age"),
        IndexModel([("workspace_id", ASCENDING), ("name", ASCENDING)], name="by_name"),
    ],
    "invitations": [
        IndexModel([("token_sha256", ASCENDING)], unique=True, name="one_per_token"),
        IndexModel(
            [("workspace_id", ASCENDING), ("email", ASCENDING)],
            unique=True,
            partialFilterExpression={"open": True},
            name="one_open_per_email",
        ),
        IndexModel([("workspace_id", ASCENDING), ("created_at", ASCENDING)], name="by_age"),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=_INVITATIONS_STAY, name="forgotten"),
    ],
    "sessions": [
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0, name="ends"),
        IndexModel([("user_id", ASCENDING)], name="of_user"),
    ],
    "signing_keys": [
        IndexModel([("first", ASCENDING)], unique=True, partialFilterExpression={"first": True}, name="one_first"),
    ],
    "attempts": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0, name="ends")],
    "outbox": [IndexModel([("at", ASCENDING)], name="oldest_first")],
}


async def migrate(settings: KithSettings) -> None:
    """Make every index that is missing."""
    client = connect(settings)
    try:
        await make_indexes(database(client, settings, "console"))
    finally:
        client.close()


async def make_indexes(owned: Database) -> None:
    """Make every index that is missing in the console's database."""
    for name, indexes in _INDEXES.items():
        await owned[name].create_indexes(indexes)
