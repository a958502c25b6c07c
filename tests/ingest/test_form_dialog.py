"""A contact form question by question, on channels that show none; and what is said while nobody is there."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.domain.contact_form import Answers
from services.ingest.domain.conversation import Conversation, StoredMessage, follow
from services.ingest.domain.form_left import Sealed
from services.ingest.domain.front_desk import FrontDesk
from services.ingest.domain.scenario_check import read_scenario
from services.ingest.store.conversations import Conversations
from shared.contracts.chat import ChatEvent, DetailsProvidedV1, FormLeftV1
from shared.contracts.opening import Opening
from shared.contracts.queues import ContactFormReceivedV1, OtherWay, QueueStateV1
from shared.contracts.sending import MessageRequestedV1
from shared.sealing.keys import SecretKeys
from shared.storage.transactions import in_transaction
from tests.ingest.desk import Desk, Person
from tests.ingest.dialog import Document, ask, end, faults, say, scenario
from tests.ingest.queues import a_queue
from tests.ingest.site import KEY

CANARY = "canary-77aa"
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


def seal(workspace_id: str, form_id: str, answers: Answers) -> Sealed:
    return Sealed(json.dumps([workspace_id, form_id, dict(answers.texts)]), ())


class Chat:
    """One person on a messenger, and everything that ingest would keep of them."""

    def __init__(self, document: Document | None = None, *, is_open: bool = False, **queue: Any) -> None:
        self.person = Person()
        self.queue: QueueStateV1 | None = a_queue(self.person.workspace, self.person.chat.connection_id, **queue)
        self.opening = Opening(is_open, NOW + timedelta(hours=12))
        self.scenario = read_scenario(document) if document else None
        self.conversation = Conversation(self.person.id, self.person.workspace, self.person.chat)
        self.stored: dict[str, StoredMessage] = {}
        self.outputs: list[Any] = []

    def does(self, event: ChatEvent) -> list[str]:
        desk = None if self.queue is None else FrontDesk(self.queue, self.opening, seal, NOW)
        changes = follow(self.conversation, [event], self.stored, self.scenario, desk)
        self.conversation = changes.conversation
        self.stored |= changes.messages
        self.outputs += changes.outputs
        self.said = [one for one in changes.outputs if isinstance(one, MessageRequestedV1)]
        return [one.text for one in self.said]

    def writes(self, text: str) -> list[str]:
        return self.does(self.person.says(text))

    def presses(self, label: str) -> list[str]:
        buttons = [button for one in self.said for button in one.buttons if button.text == label]
        return self.does(self.person.presses(buttons[0].data))

    def buttons(self) -> list[str]:
        return [button.text for button in self.said[-1].buttons]

    def of(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.outputs if isinstance(one, kind)]


def fill(chat: Chat) -> list[str]:
    """Answer all the questions; returns what was said to the last one."""
    chat.writes(f"Ann {CANARY}")
    chat.writes("Ann@Example.com")
    chat.presses("Skip")
    chat.writes(f"I write {CANARY}")
    chat.presses("An order")
    return chat.presses("Yes")


def test_a_closed_queue_asks_its_form_question_by_question_and_the_thread_holds_no_answer() -> None:
    chat = Chat(other_ways=(OtherWay(kind="phone", label={"en": "Call us"}, value="+4722225555"),))
    first = chat.writes("hello")
    assert first[0] == "Nobody is here.\nWe open Saturday at 07:00 (Europe/Oslo).\nCall us: +4722225555"
    assert first[1:] == ['Leave us a message\nWrite "cancel" to stop.', "Your name"]
    assert fill(chat) == ["Got it, thank you."]

    (form,) = chat.of(ContactFormReceivedV1)
    assert json.loads(form.sealed_answers)[2] == {
        "name": f"Ann {CANARY}",
        "email": "ann@example.com",
        "text": f"I write {CANARY}",
    }
    assert (form.via, form.while_closed, form.choices) == ("scenario", True, {"topic": ("order",), "agree": ("yes",)})
    (left,) = chat.of(FormLeftV1)
    assert left.form_id == form.id
    assert len({one.id for one in chat.outputs}) == len(chat.outputs)
    (details,) = chat.of(DetailsProvidedV1)
    assert (details.how, details.details[0].value) == ("form", "ann@example.com")

    shown = [one.text for one in chat.stored.values() if one.direction == "in"]
    assert shown == [
        "hello",
        *[f"Answered: {one}" for one in ("Your name", "Email", "Phone", "Your message", "What is it about?")],
        "Answered: You may write back to me",
    ]
    kept = f"{chat.stored} {chat.conversation.steps} {chat.of(MessageRequestedV1)}"
    assert CANARY not in kept
    assert chat.conversation.form is None
    (still,) = chat.writes("and one thing more")
    assert still.startswith("Nobody is here yet. What you write is kept")
    assert still.endswith("We open Saturday at 07:00 (Europe/Oslo).")
    assert chat.writes("thank you") == chat.writes("bye") == []  # once in a closed time, and once more
    chat.opening = Opening(is_open=False, until=NOW + timedelta(days=3))
    assert chat.writes("hello again")[0].startswith("Nobody is here.")


def test_what_does_not_fit_is_asked_again_and_is_not_shown_either() -> None:
    chat = Chat()
    chat.writes("hello")
    chat.writes("Ann")
    sorry, again = chat.writes(f"no {CANARY}")
    assert sorry.startswith("This does not look like an email address.")
    assert again == "Email"
    chat.writes("ann@example.com")
    assert chat.buttons() == ["Skip"]
    chat.writes("skip")
    chat.writes("text")
    assert chat.buttons() == ["An order", "Something else", "Skip"]
    chat.writes("2")
    assert chat.writes("no") == [
        "We need you to agree to this before we may take your message.",
        "You may write back to me",
    ]
    assert chat.writes("cancel") == ["All right, nothing was sent."]
    assert chat.of(ContactFormReceivedV1) == []
    assert CANARY not in str(chat.stored)
    assert [step.kind for step in chat.conversation.steps].count("not_understood") == 2


def test_an_edit_of_an_answer_does_not_bring_it_into_the_thread() -> None:
    chat = Chat()
    chat.writes("hello")
    answer = chat.person.says("Ann")
    chat.does(answer)
    chat.does(chat.person.edits(answer, CANARY, 100))
    assert CANARY not in str(chat.stored)


@pytest.mark.parametrize(("when", "count"), [("message", 1), ("bot", 1), ("form", 3)])
def test_what_is_said_while_nobody_is_there_is_the_queues_wish(when: str, count: int) -> None:
    chat = Chat(scenario({"hi": say("Hi", "bye"), "bye": end()}), when_closed=when)
    said = chat.writes("hello")
    assert len(said) == count
    assert (said[0] == "Hi") == (when == "bot")
    again = chat.writes("/x")
    assert again == {"form": ["Email"], "bot": []}.get(when, again)
    if when == "message":
        assert again[0].startswith("Nobody is here yet.")
        assert chat.writes("/y") == []


def test_while_it_is_open_the_scenario_speaks_and_may_offer_the_form() -> None:
    document = scenario({"hi": say("Hi", "form"), "form": {"do": "form", "next": "bye"}, "bye": end("Bye")})
    chat = Chat(document, is_open=True)
    assert chat.writes("hello")[0] == "Hi"
    assert chat.said[-1].text == "Your name"
    assert fill(chat) == ["Got it, thank you.", "Bye"]
    assert chat.of(ContactFormReceivedV1)[0].while_closed is False
    nowhere = Chat(document)
    nowhere.queue = None
    assert nowhere.writes("hello") == ["Hi", "Bye"]  # passed over where nobody takes forms


def test_the_website_chat_is_offered_the_form_and_goes_on_when_it_is_left() -> None:
    document = scenario(
        {"form": {"do": "form", "text": "Tell us", "next": "more"}, "more": ask("text", "bye"), "bye": end("Bye")}
    )
    chat = Chat(document, is_open=True)
    chat.person.chat = chat.person.chat.model_copy(update={"channel": "widget"})
    assert chat.writes("hello") == ["Tell us"]
    assert [button.data for button in chat.said[0].buttons] == ["form:open"]
    assert chat.writes("hm?") == ["Tell us"]
    hello = chat.person.says("")
    made: dict[str, Any] = {
        "id": hello.id,
        "time": hello.time,
        "workspace_id": hello.workspace_id,
        "chat": hello.chat,
    }
    left = FormLeftV1(**made, form_id=f"{made['id']}/form", queue_id="q")
    assert chat.does(left) == ["Your text?"]
    assert chat.does(left) == ["Your text?"]  # again the same, under the same ids
    assert len({one.id for one in chat.of(MessageRequestedV1)}) == 3


def test_a_form_that_leads_back_without_a_question_is_a_loop() -> None:
    assert "steps.b.next" in faults(scenario({"a": {"do": "form", "next": "b"}, "b": say("x", "a")}))
    assert faults(scenario({"a": {"do": "form", "next": "b"}, "b": end()})) == {}


async def test_a_form_in_the_making_is_sealed_at_rest(desk: Desk) -> None:
    chat = Chat()
    chat.writes("hello")
    chat.writes(CANARY)
    client = desk.client
    kept = Conversations(desk.database, SecretKeys(KEY))
    await in_transaction(client, lambda session: kept.save_all([replace(chat.conversation, rev=1)], session))
    document = await desk.database["conversations"].find_one({"_id": chat.conversation.id})
    assert document is not None
    assert CANARY not in str(document)
    found = await kept.one(chat.person.workspace, chat.conversation.id)
    assert found is not None
    assert found.form == chat.conversation.form
