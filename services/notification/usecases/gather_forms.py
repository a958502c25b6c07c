"""Everything that a person left here, opened, for a file of their data. That it was read stands in each history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.notification.domain.answers import FieldAnswer, answers_of
from services.notification.domain.request import Contents, Happening, Request
from services.notification.store.personal import PersonalData
from services.notification.store.requests import Requests
from services.notification.usecases.work_on_requests import comment_purpose
from shared.contracts.queues import seal_purpose
from shared.sealing.keys import SecretKeys, UnsealError
from shared.web.access import Principal


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LeftForm:
    """A form, opened. `answers` is None where its key is gone."""

    request: Request
    answers: Sequence[FieldAnswer] | None
    comments: Sequence[dict[str, Any]]
    """at, by, text."""


class GatherForms:
    """Reads and opens them."""

    def __init__(
        self, personal: PersonalData, requests: Requests, keys: SecretKeys, clock: Callable[[], datetime] = _now
    ) -> None:
        self._personal = personal
        self._requests = requests
        self._keys = keys
        self._clock = clock

    async def __call__(self, who: Principal, chat_contact_ids: Sequence[str]) -> list[LeftForm]:
        found = await self._personal.forms(who.workspace_id, chat_contact_ids)
        now = self._clock()
        seen = [Happening(request.id, "viewed", now, who.id, {"data_file": True}) for request, _ in found]
        await self._requests.note(who.workspace_id, seen)
        comments = await self._personal.comments(who.workspace_id, [request.id for request, _ in found])
        return [
            LeftForm(
                request,
                self._answers(request, contents),
                [self._comment(request, one) for one in comments if one["request_id"] == request.id],
            )
            for request, contents in found
        ]

    def _answers(self, request: Request, contents: Contents) -> Sequence[FieldAnswer] | None:
        try:
            opened = self._keys.unseal(request.workspace_id, seal_purpose(request.form_id), contents.sealed_answers)
        except UnsealError:
            return None
        return answers_of(contents, opened, request.language)

    def _comment(self, request: Request, row: dict[str, Any]) -> dict[str, Any]:
        try:
            text = self._keys.unseal(request.workspace_id, comment_purpose(request.id), row["sealed"])
        except UnsealError:
            text = None
        return {"at": row["at"], "by": row["by"], "text": text}
