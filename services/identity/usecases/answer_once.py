"""A call that names itself with an Idempotency-Key has one effect, and gets one answer, however often it is made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.identity.domain.contact_row import FieldWrong
from services.identity.domain.upserting import Outcome
from services.identity.store.answers import Answer
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.storage.mongo import Session


class Rows:
    """The outcomes of one call's rows, kept with its key."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def done(self, session: Session | None = None) -> Mapping[int, Outcome]:
        """Return what became of rows already. Raises `OtherCallError`."""
        return {place: _from(place, row) for place, row in (await self._answer.rows(session)).items()}

    async def note(self, outcomes: Sequence[Outcome], session: Session) -> None:
        """Keep what becomes of rows."""
        await self._answer.add([(outcome.place, _to(outcome)) for outcome in outcomes], session)


class AnswerOnce:
    """Finds what a call was answered before."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._clock = clock

    async def __call__(self, workspace_id: str, key: str | None, call: str) -> Rows | None:
        """Return what is kept of the call; None for one without a key. Raises `OtherCallError`."""
        if key is None:
            return None
        rows = Rows(self._stores.answers.of(workspace_id, key, call, self._clock()))
        await rows.done()
        return rows


def _to(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"result": outcome.result, "id": outcome.client_id}
    for name in ("errors", "notes"):
        said: Sequence[FieldWrong] = getattr(outcome, name)
        if said:
            found[name] = [one.model_dump() for one in said]
    return found


def _from(place: int, row: dict[str, Any]) -> Outcome:
    errors, notes = (tuple(FieldWrong(**one) for one in row.get(name, ())) for name in ("errors", "notes"))
    return Outcome(place, row["result"], row["id"], errors, notes)
