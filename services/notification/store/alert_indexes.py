"""The indexes of alerts: timers, emails, pushes, browsers, presence, banners and steps."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notification.store.emails import KEPT
from shared.storage.mongo import Database

_FORGOTTEN_SECONDS = 60
"""A lease that ended counts for nobody; its row goes a little later."""
_TIMERS = [
    IndexModel([("due_at", ASCENDING)], name="by_due"),
    IndexModel([("set_at", ASCENDING)], name="by_set"),
]
_EMAILS = [
    IndexModel(
        [("workspace_id", ASCENDING), ("request_id", ASCENDING), ("user_id", ASCENDING)],
        unique=True,
        name="one_per_request_and_user",
    ),
    IndexModel([("status", ASCENDING), ("due_at", ASCENDING)], name="by_due"),
    IndexModel([("workspace_id", ASCENDING), ("status", ASCENDING), ("at", DESCENDING)], name="by_status"),
    IndexModel([("ended_at", ASCENDING)], expireAfterSeconds=int(KEPT.total_seconds()), name="kept"),
]
_PUSHES = [
    IndexModel([("due_at", ASCENDING)], name="by_due"),
    IndexModel([("workspace_id", ASCENDING), ("request_id", ASCENDING)], name="by_request"),
]
_SUBSCRIPTIONS = [IndexModel([("workspace_id", ASCENDING), ("user_id", ASCENDING), ("at", DESCENDING)], name="of_user")]
_PRESENCE = [
    IndexModel([("workspace_id", ASCENDING), ("user_id", ASCENDING)], name="of_users"),
    IndexModel([("replica", ASCENDING)], name="of_replica"),
    IndexModel([("until", ASCENDING)], expireAfterSeconds=_FORGOTTEN_SECONDS, name="ends"),
]
_BANNERS = [IndexModel([("workspace_id", ASCENDING), ("queue_id", ASCENDING), ("at", ASCENDING)], name="of_queues")]
_STEPS = [IndexModel([("workspace_id", ASCENDING), ("request_id", ASCENDING), ("n", ASCENDING)], name="of_request")]


async def make_alert_indexes(owned: Database) -> None:
    """Make every index that is missing."""
    await owned["timers"].create_indexes(_TIMERS)
    await owned["emails"].create_indexes(_EMAILS)
    await owned["pushes"].create_indexes(_PUSHES)
    await owned["push_subscriptions"].create_indexes(_SUBSCRIPTIONS)
    await owned["presence"].create_indexes(_PRESENCE)
    await owned["banners"].create_indexes(_BANNERS)
    await owned["request_steps"].create_indexes(_STEPS)
