"""What is sent to WhatsApp, and what its refusals mean, beside a client library that others wrote: it does the same."""

import json
from typing import Any

import httpx
import pytest
from pywa import errors
from pywa.client import WhatsApp
from pywa.types.callback import Button as Reply
from pywa.types.callback import Section, SectionList, SectionRow

from services.broadcast.channels.meta.answers import outcome_of
from services.broadcast.channels.whatsapp.message import LIST_KEY, body
from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome
from shared.contracts.sending import Button
from tests.broadcast.rows import a_row

SENT = {"messaging_product": "whatsapp", "contacts": [{"input": "1", "wa_id": "1"}], "messages": [{"id": "wamid.1"}]}


class Meta:
    """Meta's side of the library: keeps what it was sent, answers as told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.status = 200
        self.answer: dict[str, Any] = SENT
        self.session = httpx.Client(transport=httpx.MockTransport(self._handle))
        self.client = WhatsApp(phone_id="42", token="EAAB", session=self.session)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/42/messages")
        self.sent.append(json.loads(request.content))
        return httpx.Response(self.status, json=self.answer)


@pytest.fixture
def meta() -> Any:
    found = Meta()
    yield found
    found.session.close()


YES_NO = (Button(text="Yes", data="sure:yes"), Button(text="No", data="sure:no"))
TEN = tuple(Button(text=f"Choice {n}", data=f"topic:{n}") for n in range(10))
ROWS = [SectionRow(title=one.text, callback_data=one.data) for one in TEN]


@pytest.mark.parametrize(
    ("row", "to"),
    [
        (a_row(chat="4791234567"), "4791234567"),
        (a_row(chat="NO.1349"), "NO.1349"),
        (a_row(chat="4791234567", address="NO.2"), "NO.2"),
    ],
)
def test_the_library_writes_to_the_same_person_in_the_same_words(meta: Meta, row: Any, to: str) -> None:
    meta.client.send_message(to, row.text, tracker=row.id)
    assert meta.sent == [body(row)]


def test_the_library_would_send_the_same_buttons(meta: Meta) -> None:
    buttons = [Reply(title=one.text, callback_data=one.data) for one in YES_NO]
    meta.client.send_message("4791234567", "Sure?", buttons=buttons, tracker="o1")
    assert meta.sent == [body(a_row(chat="4791234567", text="Sure?", buttons=YES_NO))]


def test_the_library_would_send_the_same_list(meta: Meta) -> None:
    sections = SectionList(button_title=LIST_KEY, sections=[Section(title="", rows=ROWS)])
    meta.client.send_message("4791234567", "Which?", buttons=sections, tracker="o1")
    (theirs,) = meta.sent
    del theirs["interactive"]["action"]["sections"][0]["title"]  # needed where there are several sections
    assert theirs == body(a_row(chat="4791234567", text="Which?", buttons=TEN))


@pytest.mark.parametrize(
    ("code", "error", "outcome"),
    [
        (131047, errors.ReEngagementMessage, "outside_window"),
        (131050, errors.UserStoppedMarketingMessages, "opted_out"),
        (131026, errors.MessageUndeliverable, "undeliverable"),
        (131049, errors.MessageUndeliverableDueToHealthyEcosystemEngagement, "undeliverable"),
        (131062, errors.BSUIDRecipientNotSupported, "rejected"),
        (131051, errors.UnsupportedMessageType, "rejected"),
        (132001, errors.TemplateNotExists, "rejected"),
        (132015, errors.TemplatePaused, "rejected"),
        (132016, errors.TemplateDisabled, "rejected"),
        (131005, errors.AccessDenied, "connection_refused"),
        (131031, errors.AccountLocked, "connection_refused"),
        (131042, errors.BusinessPaymentIssue, "connection_refused"),
        (368, errors.TemporarilyBlocked, "connection_refused"),
        (190, errors.ExpiredAccessToken, "connection_refused"),
        (10, errors.PermissionDenied, "connection_refused"),
        (200, errors.APIPermission, "connection_refused"),
        (131056, errors.TooManyMessages, Limited),
        (130429, errors.RateLimitHit, Limited),
        (131048, errors.SpamRateLimitHit, Limited),
        (80007, errors.RateLimitIssues, Limited),
        (4, errors.ToManyAPICalls, Limited),
        (131016, errors.ServiceUnavailable, Faulty),
        (131000, errors.UnknownError, Faulty),
    ],
)
def test_a_refusal_means_the_same_to_both(
    meta: Meta, code: int, error: type[Exception], outcome: str | type[Outcome]
) -> None:
    meta.status = 400
    meta.answer = {"error": {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}}
    with pytest.raises(errors.WhatsAppError) as refused:
        meta.client.send_message("4791234567", "hi")
    assert type(refused.value) is error

    ours = outcome_of(400, json.dumps(meta.answer).encode())
    assert (ours.reason if isinstance(ours, Failed) else type(ours)) == outcome
