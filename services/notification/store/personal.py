"""What notification keeps of a person: the forms they left, all that was done with them, and whose chats are whose."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.notification.domain.request import Contents, Request
from services.notification.store.request_rows import contents_of, request_of
from shared.contracts.erasure import ErasureRequestedV1
from shared.storage.mongo import Database, Document, Session

FORMS_SHOWN = 5_000
_BY_REQUEST = {"request_history": "history entries", "request_steps": "escalation steps", "emails": "emails to agents"}
_BY_ID = ("timers", "banners")


class PersonalData:
    """Reads and removes all of a person's, by their chats. Each is a term of its forms: index `by_term`."""

    def __init__(self, owned: Database) -> None:
        self._owned = owned

    async def remove(self, asked: ErasureRequestedV1, session: Session) -> Mapping[str, int]:
        """Remove it: forms with contents, comments, histories, and what told agents of them."""
        workspace: Document = {"workspace_id": asked.workspace_id}
        chats = {"$in": [one.id for one in asked.chats]}
        wanted = _left_in(asked.workspace_id, [one.id for one in asked.chats])
        found = self._owned["requests"].find(wanted, {"_id": 1}, session=session)
        ids = {"$in": [row["_id"] for row in await found.to_list(None)]}
        removed: dict[str, int] = {}
        for name, words in _BY_REQUEST.items():
            done = await self._owned[name].delete_many({**workspace, "request_id": ids}, session=session)
            removed[words] = done.deleted_count
        for name in _BY_ID:
            await self._owned[name].delete_many({**workspace, "_id": ids}, session=session)
        forms = await self._owned["requests"].delete_many({**workspace, "_id": ids}, session=session)
        owners = await self._owned["chat_owners"].delete_many({**workspace, "_id": chats}, session=session)
        return {"contact forms": forms.deleted_count, **removed, "owners of chats": owners.deleted_count}

    async def forms(self, workspace_id: str, chat_contact_ids: Sequence[str]) -> list[tuple[Request, Contents]]:
        """Return what they left, still sealed, the oldest first."""
        wanted = _left_in(workspace_id, chat_contact_ids)
        rows = await self._owned["requests"].find(wanted).sort("at", 1).limit(FORMS_SHOWN).to_list(FORMS_SHOWN)
        return [(request_of(row), contents_of(row)) for row in rows]

    async def comments(self, workspace_id: str, request_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return what agents wrote about these, sealed: request_id, at, by, sealed."""
        wanted = {"workspace_id": workspace_id, "request_id": {"$in": list(request_ids)}, "kind": "comment"}
        found = self._owned["request_history"].find(wanted, {"_id": 0, "request_id": 1, "at": 1, "by": 1, "sealed": 1})
        return await found.sort("at", 1).to_list(None)


def _left_in(workspace_id: str, chat_contact_ids: Sequence[str]) -> Document:
    terms = [f"id:{id_}" for id_ in chat_contact_ids]
    return {"workspace_id": workspace_id, "terms": {"$in": terms}, "chat_contact_id": {"$in": list(chat_contact_ids)}}
