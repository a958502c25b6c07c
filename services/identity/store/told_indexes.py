"""Indexes of what a shop tells: activity, and what its calls were answered."""

from pymongo import ASCENDING, DESCENDING, IndexModel

BY_SUBJECT = "by_subject"
ANSWERS_KEPT_SECONDS = 24 * 60 * 60
"""How long the same Idempotency-Key gets the same answer."""

TOLD: dict[str, list[IndexModel]] = {
    "activities": [
        # of each subject and kind by itself the newest first: a list of several is merged, never sorted
        IndexModel(
            [
                *(("workspace_id", ASCENDING), ("subject", ASCENDING), ("kind", ASCENDING)),
                *(("at", DESCENDING), ("source", ASCENDING)),
            ],
            name=BY_SUBJECT,
        ),
        IndexModel([("workspace_id", ASCENDING), ("source", ASCENDING)], name="one_source", unique=True),
    ],
    "answers": [
        IndexModel([("workspace_id", ASCENDING), ("key", ASCENDING)], name="one_answer", unique=True),
        IndexModel([("at", ASCENDING)], name="kept_a_day", expireAfterSeconds=ANSWERS_KEPT_SECONDS),
    ],
}
