"""Indexes of imports."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.identity.domain.imports import WORKING

IMPORT_INDEXES: dict[str, list[IndexModel]] = {
    "imports": [
        IndexModel([("workspace_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="newest_imports"),
        IndexModel(
            [("at", ASCENDING)],
            name="import_work",
            partialFilterExpression={"status": {"$in": sorted(WORKING)}},
        ),
        IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0, name="never_imported"),
    ],
    "import_chunks": [
        IndexModel(
            [("workspace_id", ASCENDING), ("import_id", ASCENDING), ("last_fault", ASCENDING)],
            name="faults_of_import",
        ),
        IndexModel([("kept_until", ASCENDING)], expireAfterSeconds=0, name="undo_ends"),
    ],
    "import_touches": [
        IndexModel(
            [("workspace_id", ASCENDING), ("import_id", ASCENDING), ("chunk", ASCENDING)], name="touches_of_chunk"
        ),
        IndexModel([("workspace_id", ASCENDING), ("client_id", ASCENDING)], name="touches_of_client"),
        IndexModel([("kept_until", ASCENDING)], expireAfterSeconds=0, name="undo_ends"),
    ],
}
