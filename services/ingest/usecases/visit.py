"""A visitor of a website: gets a device, tells what they did, and sees what was said before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.widget.happenings import Told, about, happened, read_form, read_told
from services.ingest.channels.widget.identify import NotSignedInError
from services.ingest.channels.widget.tokens import device_of, new_device, token_of
from services.ingest.domain.contact_form import FormFaultsError
from services.ingest.domain.form_words import FAULTS, spoken
from services.ingest.domain.kept_chat import StoredMessage
from services.ingest.store.conversations import Messages
from services.ingest.store.visitor_lines import Line, VisitorLines
from services.ingest.usecases.accept import AWAY, Accept, Refusal
from services.ingest.usecases.leave_form import Filled, LeaveForm, NoFormError
from shared.contracts.ids import chat_contact_id
from shared.observability.metrics import REFUSED

NO_FORM = Refusal(409, "no-form", "Nobody takes forms here at the moment. What was written was not taken.")
SHOWN = 100
"""Messages of each direction that a visitor sees of what was said before."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser keeps."""

    device_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one item."""

    event_id: str | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What was said, the oldest first, and the number after which the stream goes on."""

    received: Sequence[StoredMessage]
    lines: Sequence[Line]
    newest: int


class BrokerIsAwayError(Exception):
    """Something could not be made durable: all of it is to be sent again, which is safe."""


class Visit:
    """What visitors of every site do."""

    def __init__(self, accept: Accept, leave: LeaveForm, lines: VisitorLines, messages: Messages) -> None:
        self._accept = accept
        self._leave = leave
        self._lines = lines
        self._messages = messages

    def begin(self, account: Account, token: str | None) -> Session:
        """Give a device, or the one that a token of ours is of: a new one is nobody's until it does something."""
        device = device_of(account, token) if token else None
        device = device or new_device()
        return Session(device, token_of(account, device))

    async def tell(
        self, account: Account, device: str, raw: Sequence[object], *, now: datetime, behind: timedelta
    ) -> list[Answer]:
        """Take what a visitor did, each item by itself. Raises `BrokerIsAwayError`."""
        # tasks begin in their order, and each offers what it has before it waits: so the order of items is kept
        items = [asyncio.ensure_future(self._take(account, device, one, now, behind)) for one in raw]
        answers = await asyncio.gather(*items)
        if any(answer.refusal is AWAY for answer in answers):
            raise BrokerIsAwayError
        return answers

    async def _take(self, account: Account, device: str, raw: object, now: datetime, behind: timedelta) -> Answer:
        event_id: str | None = None
        events: Sequence[Inbound] = ()
        refusal: Refusal | None = None
        try:
            told = read_told(raw)
            event_id = told.event_id
            if told.type == "form":
                events = self._form(account, device, told, now, behind)
            else:
                events = happened(account, device, told, now=now, behind=behind)
        except MalformedError as error:
            refusal = Refusal(400, "malformed", str(error), error.field)
        except NotSignedInError as error:
            refusal = Refusal(401, "not-genuine", str(error), "payload.jwt")
        except FormFaultsError as error:
            refusal = wrong_answers(error, _language(raw), "payload.answers.")
        except NoFormError:
            refusal = NO_FORM
        if refusal is not None:
            REFUSED.labels(account.channel, refusal.slug).inc()
            return Answer(event_id, refusal)
        return Answer(event_id, await self._accept.make_durable(account.channel, events))

    def _form(self, account: Account, device: str, told: Told, now: datetime, behind: timedelta) -> Sequence[Inbound]:
        form = read_form(told)
        filled = Filled(
            **about(account, device, told, now=now, behind=behind),
            via="widget",
            language=form.sender().language,
            answers=form.answers,
        )
        return self._leave.at_connection(filled)

    async def history(self, account: Account, device: str) -> History:
        """Return what this device and we said last."""
        chat = chat_contact_id(account.workspace_id, account.connection_id, device)
        lines = await self._lines.last(account.workspace_id, chat, SHOWN)
        received = await self._messages.last_received(account.workspace_id, chat, SHOWN)
        return History(received, lines, lines[-1].n if lines else 0)


def wrong_answers(error: FormFaultsError, language: str | None, within: str) -> Refusal:
    """Say what is wrong with a form, each fault at its field, in the visitor's language."""
    tongue = spoken(language)
    errors = tuple((f"{within}{fault.field}", FAULTS[fault.kind][tongue]) for fault in error.faults)
    return Refusal(422, "invalid-form", " ".join(dict.fromkeys(words for _, words in errors)), errors=errors)


def _language(raw: object) -> str | None:
    payload = raw.get("payload") if isinstance(raw, dict) else None
    found = payload.get("language") if isinstance(payload, dict) else None
    return found if isinstance(found, str) else None
