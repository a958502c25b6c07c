"""The escalation's part of a request's history: each step, whom it reached by which way, and who was passed over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.notification.domain.escalation import Step
from shared.storage.mongo import Database, Document, Session


class Steps:
    """One document a step; `_id` is the request's and the step's number, so that no step is noted twice."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["request_steps"]

    async def note(
        self, workspace_id: str, steps: Sequence[tuple[str, int, Step]], now: datetime, session: Session
    ) -> None:
        """Write steps of forms, each with its number."""
        rows: list[Document] = [
            {
                "_id": f"{request_id}/{number}",
                "workspace_id": workspace_id,
                "request_id": request_id,
                "n": number,
                "at": now,
                "kind": step.kind,
                "reached": [{"user_id": one.user_id, "by": list(one.by)} for one in step.reached],
                "skipped": [{"user_id": one.user_id, "why": one.why} for one in step.skipped],
            }
            for request_id, number, step in steps
        ]
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def of(self, workspace_id: str, request_id: str) -> list[dict[str, Any]]:
        """Return a form's steps in their order: n, at, kind, reached, skipped."""
        wanted = {"workspace_id": workspace_id, "request_id": request_id}
        rows = self._rows.find(wanted, {"_id": False, "workspace_id": False, "request_id": False}).sort("n", 1)
        return await rows.to_list(200)
