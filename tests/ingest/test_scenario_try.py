"""A scenario is tried out through the API: the dialog that a person would have, and nothing of it kept."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from services.ingest.app import create_app
from services.ingest.settings import IngestSettings
from tests.identity.house import AnybodyBook
from tests.ingest.dialog import Document, ask, branch, choice, end, say, scenario
from tests.ingest.site import KEY

FRUIT = scenario(
    {
        "hi": say({"en": "Hi", "de": "Hallo"}, "what"),
        "what": ask("choice", "fork", choices=[choice("a", "Apples"), choice("b", "Pears")], save_as="fruit"),
        "fork": branch("answer:fruit", {"a": "reach"}, "bye"),
        "reach": ask("contact", "again"),
        "again": ask("phone", "bye"),
        "bye": end("Bye"),
    },
    languages=["en", "de"],
)


class TryOut:
    """Somebody at the try-out: each input goes with the progress that came back before."""

    def __init__(self, http: httpx.AsyncClient, document: Document = FRUIT, language: str | None = None) -> None:
        self._http = http
        self._asked: dict[str, Any] = {"scenario": document, "language": language}
        self.last: dict[str, Any] = {}

    async def does(self, role: str = "admin", **given: str) -> httpx.Response:
        asked = self._asked | {"progress": self.last.get("progress"), "input": given or None}
        return await self._http.post(
            "/api/ingest/scenarios/try", json=asked, headers={"Authorization": f"Bearer ws_try:{role}"}
        )

    async def hears(self, **given: str) -> list[str]:
        answer = await self.does(**given)
        assert answer.status_code == 200, answer.text
        self.last = answer.json()
        return [reply["text"] for reply in self.last["replies"]]


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    """Ask an ingest without servers: nothing of a try-out needs them."""
    hooks, _ = create_app(IngestSettings(secret_key=SecretStr(KEY)))
    hooks._app.state.access = AnybodyBook()  # pyright: ignore  # noqa: PGH003
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=hooks), base_url="http://ingest") as client:  # pyright: ignore[reportArgumentType]
        yield client


async def test_a_dialog_goes_from_the_first_words_to_the_last(http: httpx.AsyncClient) -> None:
    person = TryOut(http, language="de")
    assert await person.hears() == ["Hallo", "Your choice?"]
    assert [button["data"] for button in person.last["replies"][1]["buttons"]] == ["what:a", "what:b"]
    assert await person.hears(pressed="what:a") == ["Your contact?"]
    assert person.last["progress"]["answers"] == {"fruit": "a"}
    (sorry,) = await person.hears(text="neither of them")
    assert sorry != "Your contact?"
    assert person.last["details"] == []
    assert await person.hears(text="ann@example.com") == ["Your phone?"]
    assert person.last["details"] == [{"kind": "email", "value": "ann@example.com"}]
    assert await person.hears(text="+47 22 22 55 55") == ["Bye"]
    assert person.last["progress"]["ended"]
    assert await person.hears(text="more") == []
    assert await person.hears(text="/start") == ["Hallo", "Your choice?"]


async def test_who_shared_a_contact_is_not_asked_for_a_phone_again(http: httpx.AsyncClient) -> None:
    person = TryOut(http)
    await person.hears()
    await person.hears(text="Apples")
    assert person.last["replies"][0]["ask_contact"]
    assert await person.hears(phone="+4722225555") == ["Bye"]
    assert person.last["details"] == [{"kind": "phone", "value": "+4722225555"}]
    assert [(line["step"], line["kind"]) for line in person.last["steps"]][:1] == [("reach", "answered")]


async def test_a_contact_where_none_was_asked_for_is_no_answer(http: httpx.AsyncClient) -> None:
    person = TryOut(http)
    await person.hears()
    await person.hears(phone="+4722225555")
    assert (person.last["details"], person.last["progress"]["step"]) == ([], "what")


async def test_a_wrong_scenario_is_not_tried(http: httpx.AsyncClient) -> None:
    answer = await TryOut(http, scenario({"hi": say("Hi", "nowhere")})).does()
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["scenario.steps.hi.next"]


async def test_only_who_may_see_connections_tries(http: httpx.AsyncClient) -> None:
    assert (await TryOut(http).does("agent")).status_code == 403
