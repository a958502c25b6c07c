"""Conversations and their messages. Both `_id`s begin with what makes them a workspace's: a chat contact's id."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne

from services.ingest.domain.form_dialog import FormDialog
from services.ingest.domain.kept_chat import Conversation, Hold, StepTaken, StoredMessage
from services.ingest.domain.outputs import Output
from services.ingest.domain.scenario_turn import Progress
from shared.contracts import topics
from shared.contracts.chat import ChatRef, DetailsProvidedV1, FormLeftV1, UpdateUnknownV1
from shared.contracts.queues import ContactFormReceivedV1
from shared.contracts.sending import DeliveryUpdatedV1, MessageRequestedV1
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Database, Document, Session
from shared.storage.transactions import StaleError

_OUTPUTS = {"conversation": topics.CONVERSATION, "outbound": topics.OUTBOUND, "contact_form": topics.CONTACT_FORM}


def _dump(conversation: Conversation, keys: SecretKeys | None) -> Document:
    return {
        "_id": conversation.id,
        "workspace_id": conversation.workspace_id,
        "chat": conversation.chat.model_dump(),
        "progress": asdict(conversation.progress),
        "language": conversation.language,
        "has_phone": conversation.has_phone,
        "has_email": conversation.has_email,
        "steps": [asdict(step) for step in conversation.steps],
        "outputs": [
            {"input": cause, "events": [_dump_output(output) for output in outputs]}
            for cause, outputs in conversation.outputs.items()
        ],
        "form": _dump_form(conversation, keys),
        "told_closed": conversation.told_closed,
        "rev": conversation.rev,
        "address": conversation.address,
        "hold": asdict(conversation.hold) if conversation.hold else None,
    }


def _dump_form(conversation: Conversation, keys: SecretKeys | None) -> Document | None:
    """Keep a form that is being filled in: what it says is sealed for this conversation alone."""
    form = conversation.form
    if form is None:
        return None
    if keys is None:
        raise RuntimeError("conversations that keep forms need the keys to seal them with")
    sealed = keys.seal(conversation.workspace_id, _purpose(conversation.id), json.dumps(dict(form.answers)))
    return {"queue_id": form.queue_id, "asked": form.asked, "picked": list(form.picked), "sealed_answers": sealed}


def _load_form(found: Document, keys: SecretKeys | None) -> FormDialog | None:
    form = found.get("form")
    if form is None or keys is None:
        return None
    try:
        answers = json.loads(keys.unseal(found["workspace_id"], _purpose(found["_id"]), form["sealed_answers"]))
    except UnsealError:
        return None  # its key is gone: the form is asked anew
    read = {name: answer if isinstance(answer, str) else tuple(answer) for name, answer in answers.items()}
    return FormDialog(form["queue_id"], form["asked"], read, tuple(form["picked"]))


def _purpose(conversation_id: str) -> str:
    return f"conversation.form.{conversation_id}"


def _dump_output(output: Output) -> Document:
    match output:
        case MessageRequestedV1():
            on = "outbound"
        case ContactFormReceivedV1():
            on = "contact_form"
        case _:
            on = "conversation"
    return {
        "on": on,
        "json": output.model_dump_json(),
    }


def _load_output(found: Document) -> Output:
    event = _OUTPUTS[found["on"]].adapter.validate_json(found["json"])
    if not isinstance(event, MessageRequestedV1 | DetailsProvidedV1 | ContactFormReceivedV1 | FormLeftV1):
        raise TypeError(event.type)
    return event


def _load(found: Document, keys: SecretKeys | None) -> Conversation:
    return Conversation(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        chat=ChatRef.model_validate(found["chat"]),
        progress=Progress(**found["progress"]),
        language=found["language"],
        has_phone=found["has_phone"],
        has_email=found["has_email"],
        steps=tuple(StepTaken(**step) for step in found["steps"]),
        outputs={one["input"]: tuple(_load_output(event) for event in one["events"]) for one in found["outputs"]},
        form=_load_form(found, keys),
        told_closed=found.get("told_closed"),
        rev=found["rev"],
        address=found.get("address"),
        hold=Hold(**found["hold"]) if found.get("hold") else None,
    )


class Conversations:
    """Where each chat's dialog stands. Known by the chat contact's id, which holds the workspace."""

    def __init__(self, database: Database, keys: SecretKeys | None = None) -> None:
        self._all: Collection = database["conversations"]
        self._keys = keys

    async def of(self, ids: Iterable[str]) -> dict[str, Conversation]:
        """Return those that exist, by id."""
        found = await self._all.find({"_id": {"$in": list(ids)}}).to_list(None)
        return {one["_id"]: _load(one, self._keys) for one in found}

    async def one(self, workspace_id: str, id_: str) -> Conversation | None:
        found = await self._all.find_one({"_id": id_, "workspace_id": workspace_id})
        return _load(found, self._keys) if found else None

    async def save_all(self, changed: Sequence[Conversation], session: Session) -> None:
        """Write in one bulk, revs raised by one already. Raises `StaleError` where somebody was faster."""
        if not changed:
            return
        writes: list[InsertOne[Document] | ReplaceOne[Document]] = [
            InsertOne(_dump(one, self._keys))
            if one.rev == 1
            else ReplaceOne({"_id": one.id, "rev": one.rev - 1}, _dump(one, self._keys))
            for one in changed
        ]
        result = await self._all.bulk_write(writes, ordered=False, session=session)
        if result.inserted_count + result.matched_count != len(changed):
            raise StaleError("a conversation changed since it was read")


class Messages:
    """Messages both ways, as agents read them."""

    def __init__(self, database: Database) -> None:
        self._all: Collection = database["messages"]

    async def of(self, keys: Sequence[str]) -> dict[str, StoredMessage]:
        """Return those that exist, by id."""
        found = await self._all.find({"_id": {"$in": list(keys)}}).to_list(None)
        return {one["_id"]: _message(one) for one in found}

    async def save_all(
        self, changed: Sequence[tuple[str, str, StoredMessage]], known: Mapping[str, StoredMessage], session: Session
    ) -> None:
        """Write (workspace id, chat contact id, message) in one bulk."""
        writes: list[InsertOne[Document] | UpdateOne] = []
        for workspace_id, chat, message in changed:
            document = _message_document(workspace_id, chat, message)
            if message.id in known:
                writes.append(UpdateOne({"_id": message.id}, {"$set": document}))
            else:
                writes.append(InsertOne({"_id": message.id, **document}))
        if writes:
            await self._all.bulk_write(writes, ordered=False, session=session)

    async def page(
        self, workspace_id: str, chat: str, *, before: tuple[datetime, str] | None, limit: int
    ) -> list[StoredMessage]:
        """Return messages of one chat, the newest first; index `newest_of_chat`."""
        query: dict[str, Any] = {"workspace_id": workspace_id, "chat": chat}
        if before is not None:
            at, id_ = before
            query["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]
        found = self._all.find(query).sort([("at", -1), ("_id", -1)]).limit(limit).max_time_ms(QUERY_MILLISECONDS)
        return [_message(one) async for one in found]

    async def last_received(self, workspace_id: str, chat: str, limit: int) -> list[StoredMessage]:
        """Return what the person wrote last, the oldest first; index `newest_of_chat`."""
        query = {"workspace_id": workspace_id, "chat": chat, "direction": "in"}
        found = self._all.find(query).sort([("at", -1), ("_id", -1)]).limit(limit).max_time_ms(QUERY_MILLISECONDS)
        return [_message(one) async for one in found][::-1]

    async def last_at(self, workspace_id: str, chat: str) -> datetime | None:
        """Return when the person wrote last; index `newest_of_chat`."""
        found = await self.last_received(workspace_id, chat, 1)
        return found[0].at if found else None

    async def add_agents(self, workspace_id: str, chat: str, message: StoredMessage, session: Session) -> bool:
        """Keep an agent's own words, to be published; False where they are there already."""
        document = _message_document(workspace_id, chat, message) | {"by": message.by, "unpublished": True}
        if message.human_agent:
            document["human_agent"] = True
        done = await self._all.update_one({"_id": message.id}, {"$setOnInsert": document}, upsert=True, session=session)
        return done.upserted_id is not None

    async def published(self, ids: Sequence[str]) -> None:
        """Note that the broker has them."""
        await self._all.update_many({"_id": {"$in": list(ids)}}, {"$unset": {"unpublished": ""}})

    async def unpublished(self, before: datetime, limit: int) -> list[tuple[str, StoredMessage]]:
        """Return (chat, message) of what an agent said and the broker may not have, oldest first."""
        found = self._all.find({"unpublished": True, "at": {"$lt": before}}).sort("at", 1).limit(limit)
        return [(one["chat"], _message(one)) async for one in found]

    async def note_deliveries(self, deliveries: Sequence[DeliveryUpdatedV1]) -> None:
        """Set what became of sent messages; the newest word counts."""
        writes = [
            UpdateOne(
                {
                    "_id": delivery.outbound_id,
                    "workspace_id": delivery.workspace_id,
                    "$or": [{"delivery_at": None}, {"delivery_at": {"$lte": delivery.time}}],
                },
                {
                    "$set": {
                        "status": delivery.status,
                        "reason": delivery.reason,
                        "provider_message_id": delivery.provider_message_id,
                        "delivery_at": delivery.time,
                    }
                },
            )
            for delivery in deliveries
        ]
        if writes:
            await self._all.bulk_write(writes, ordered=True)


def _message_document(workspace_id: str, chat: str, message: StoredMessage) -> Document:
    return {
        "workspace_id": workspace_id,
        "chat": chat,
        "at": message.at,
        "direction": message.direction,
        "kind": message.kind,
        "text": message.text,
        "cause": message.cause,
        "clock": list(message.clock),
        "edited_at": message.edited_at,
        "status": message.status,
        "original": message.original,
    }


def _message(found: Document) -> StoredMessage:
    at, by = found["clock"]
    return StoredMessage(
        id=found["_id"],
        at=found["at"],
        direction=found["direction"],
        kind=found["kind"],
        text=found["text"],
        cause=found["cause"],
        clock=(at, by),
        edited_at=found["edited_at"],
        status=found["status"],
        original=found["original"],
        provider_message_id=found.get("provider_message_id"),
        reason=found.get("reason"),
        by=found.get("by"),
        human_agent=found.get("human_agent", False),
    )


class UnknownUpdates:
    """Updates that we do not know yet, as they came; gone after 30 days."""

    def __init__(self, database: Database) -> None:
        self._all: Collection = database["unknown_updates"]

    async def keep(self, updates: Sequence[UpdateUnknownV1]) -> None:
        """Keep them; one that is there already stays as it is."""
        writes = [
            UpdateOne({"_id": update.id}, {"$setOnInsert": {**update.model_dump(exclude={"id"})}}, upsert=True)
            for update in updates
        ]
        if writes:
            await self._all.bulk_write(writes, ordered=False)
