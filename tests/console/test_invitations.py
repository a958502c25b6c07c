"""Inviting somebody, and what becomes of the link."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.console import cli
from services.console.domain import invitations
from services.console.domain.people import User
from services.console.store.users import Users
from shared.storage.mongo import connect, database
from tests.console.conftest import PASSWORD, Console, sign_in, until_let_in

INVITATIONS = "/api/console/invitations"


@dataclass
class Office:
    """A workspace with an admin who is signed in."""

    console: Console
    admin: httpx.AsyncClient
    user: User
    name: str

    def email(self, who: str = "new") -> str:
        return f"{who}.{self.user.id}@example.com"

    async def invite(self, who: str = "new", role: str = "agent") -> dict[str, Any]:
        answer = await self.admin.post(INVITATIONS, json={"email": self.email(who), "name": "Nia New", "role": role})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def listed(self) -> list[dict[str, Any]]:
        return (await self.admin.get(INVITATIONS)).json()["items"]

    async def open(self, link: str) -> httpx.Response:
        async with self.console.browser() as browser:
            return await browser.post("/api/console/invitation/open", json={"token": token(link)})

    async def accept(self, link: str, password: str = PASSWORD) -> httpx.Response:
        async with self.console.browser() as browser:
            return await browser.post(
                "/api/console/invitation/accept", json={"token": token(link), "password": password}
            )

    async def users(self, email: str) -> int:
        return (await self.admin.get("/api/console/users", params={"search": email})).json()["total"]


@pytest.fixture
async def office(console: Console) -> AsyncGenerator[Office]:
    async with an_office(console) as made:
        yield made


@asynccontextmanager
async def an_office(console: Console) -> AsyncGenerator[Office]:
    user = await console.add()
    async with console.signed_in(user) as admin:
        me = (await admin.get("/api/console/me")).json()
        yield Office(console, admin, user, me["workspace_name"])


def token(link: str) -> str:
    return link.partition("#")[2]


async def keep(console: Console, invitation_id: str, changes: Mapping[str, Any]) -> None:
    """Change what is kept of an invitation."""
    client = connect(console.settings)
    await database(client, console.settings, "console")["invitations"].update_one(
        {"_id": invitation_id}, {"$set": dict(changes)}
    )
    client.close()


async def test_an_invited_person_sees_who_asks_chooses_a_password_and_is_in(office: Office) -> None:
    made = await office.invite(role="marketer")
    assert made["link"].startswith(f"{office.console.origin}/invitation#")
    assert len(token(made["link"])) >= 43
    expires = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < expires <= timedelta(days=7)
    (listed,) = await office.listed()
    assert (listed["state"], listed["invited_by"], listed["email"]) == ("pending", "Somebody", office.email())
    assert token(made["link"]) not in str(listed)

    seen = await office.open(made["link"])
    accepted = await office.accept(made["link"])

    assert seen.json() == {
        "email": office.email(),
        "name": "Nia New",
        "role": "marketer",
        "workspace_name": office.name,
        "invited_by": "Somebody",
        "expires_at": listed["expires_at"],
    }
    body = accepted.json()
    assert accepted.status_code == 200
    assert (body["user"]["role"], body["user"]["workspace_id"]) == ("marketer", office.user.workspace_id)
    assert "users:write" not in body["user"]["scopes"]
    assert "HttpOnly" in accepted.headers["set-cookie"]
    async with office.console.browser(Authorization=f"Bearer {body['access_token']}") as browser:
        assert (await browser.get("/api/console/me")).json()["email"] == office.email()
        assert (await browser.get("/api/console/users")).status_code == 403
        assert (await sign_in(browser, office.email())).status_code == 200
    assert await office.listed() == []
    (user,) = (await office.admin.get("/api/console/users", params={"search": office.email()})).json()["items"]
    assert user["last_signed_in_at"] is not None


async def test_of_the_link_only_a_hash_is_kept(office: Office) -> None:
    made = await office.invite()
    client = connect(office.console.settings)
    row = await database(client, office.console.settings, "console")["invitations"].find_one({"_id": made["id"]})
    client.close()

    assert row
    assert token(made["link"]) not in str(row)
    assert row["token_sha256"] == invitations.digest(token(made["link"]))


async def test_an_invitation_accepted_many_times_at_once_makes_one_user(office: Office) -> None:
    made = await office.invite()

    answers = await asyncio.gather(*(office.accept(made["link"], f"{PASSWORD} {n}") for n in range(5)))

    won = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert len(won) == 1
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410]
    assert await office.users(office.email()) == 1
    async with office.console.browser() as browser:
        assert (await sign_in(browser, office.email(), f"{PASSWORD} {won[0]}")).status_code == 200


@pytest.mark.parametrize(
    ("how", "kind", "says"),
    [
        ("used", "invitation-used", "sign in with the password you chose"),
        ("revoked", "invitation-revoked", "Ask whoever invited you"),
        ("expired", "invitation-expired", "Ask whoever invited you"),
    ],
)
async def test_a_link_that_is_over_says_why_and_what_to_do(office: Office, how: str, kind: str, says: str) -> None:
    made = await office.invite()
    if how == "used":
        await office.accept(made["link"])
    elif how == "revoked":
        for _ in range(2):
            assert (await office.admin.delete(f"{INVITATIONS}/{made['id']}")).status_code == 204
    else:
        await keep(office.console, made["id"], {"expires_at": datetime.now(UTC) - timedelta(seconds=1)})

    for answer in (await office.open(made["link"]), await office.accept(made["link"], "another password of mine")):
        assert answer.status_code == 410
        assert answer.json()["type"] == f"urn:kith:problem:{kind}"
        assert says in answer.json()["detail"]
    assert await office.users(office.email()) == (1 if how == "used" else 0)


async def test_an_invitation_revoked_or_accepted_at_once_is_one_of_both(office: Office) -> None:
    for n in range(4):
        made = await office.invite(f"race{n}")
        accepted, revoked = await asyncio.gather(
            office.accept(made["link"]), office.admin.delete(f"{INVITATIONS}/{made['id']}")
        )

        assert (accepted.status_code, revoked.status_code) in {(200, 409), (410, 204)}
        assert await office.users(office.email(f"race{n}")) == (1 if accepted.status_code == 200 else 0)


async def test_a_new_link_ends_the_one_before(office: Office) -> None:
    made = await office.invite()
    await keep(office.console, made["id"], {"expires_at": datetime.now(UTC) - timedelta(days=1)})
    assert [item["state"] for item in await office.listed()] == ["expired"]

    renewed = (await office.admin.post(f"{INVITATIONS}/{made['id']}/link")).json()

    assert renewed["id"] == made["id"]
    assert [item["state"] for item in await office.listed()] == ["pending"]
    before = await office.open(made["link"])
    assert before.status_code == 404
    assert "a newer link may have replaced it" in before.json()["detail"]
    assert (await office.accept(renewed["link"])).status_code == 200
    assert (await office.admin.post(f"{INVITATIONS}/{made['id']}/link")).status_code == 409
    assert (await office.admin.delete(f"{INVITATIONS}/{made['id']}")).status_code == 409


async def test_who_is_put_out_does_not_come_back_through_a_link_that_they_kept(office: Office) -> None:
    second = await office.console.add(workspace=office.name)
    async with office.console.signed_in(second) as admin:
        body = {"email": office.email("back"), "name": "Back Door", "role": "admin"}
        made = (await admin.post(INVITATIONS, json=body)).json()
    assert (await office.open(made["link"])).status_code == 200

    await office.admin.patch(f"/api/console/users/{second.id}", json={"role": "agent"})

    for answer in (await office.open(made["link"]), await office.accept(made["link"])):
        assert answer.status_code == 410
        assert answer.json()["type"] == "urn:kith:problem:invitation-void"
    assert [item["state"] for item in await office.listed()] == ["void"]
    renewed = (await office.admin.post(f"{INVITATIONS}/{made['id']}/link")).json()
    assert (renewed["state"], renewed["invited_by"]) == ("pending", "Somebody")
    assert (await office.accept(renewed["link"])).status_code == 200


async def test_somebody_who_is_a_user_or_was_invited_is_not_invited_again(office: Office) -> None:
    await office.invite()
    stranger = await office.console.add()
    answers = [
        await office.admin.post(INVITATIONS, json={"email": email.upper(), "name": "X", "role": "agent"})
        for email in (office.user.email, stranger.email, office.email())
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert [answer.json()["errors"][0]["field"] for answer in answers] == ["email"] * 3
    assert "open invitation already" in answers[2].json()["detail"]


async def test_inviting_one_email_many_times_at_once_leaves_one_invitation(office: Office) -> None:
    body = {"email": office.email(), "name": "X", "role": "agent"}
    answers = await asyncio.gather(*(office.admin.post(INVITATIONS, json=body) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await office.listed()) == 1


async def test_an_expired_invitation_is_in_nobodys_way(office: Office) -> None:
    made = await office.invite()
    await keep(office.console, made["id"], {"expires_at": datetime.now(UTC) - timedelta(days=1)})

    again = await office.invite()

    assert [item["id"] for item in await office.listed()] == [again["id"]]
    assert (await office.accept(again["link"])).status_code == 200


async def test_two_workspaces_may_invite_one_person_who_can_join_one(office: Office) -> None:
    ours = await office.invite()
    async with an_office(office.console) as other:
        body = {"email": office.email(), "name": "X", "role": "agent"}
        theirs = (await other.admin.post(INVITATIONS, json=body)).json()
        assert (await office.accept(ours["link"])).status_code == 200

        refused = await office.accept(theirs["link"])

        assert refused.status_code == 409
        assert "sign in with the password you have" in refused.json()["detail"]
        assert await other.users(office.email()) == 0
        assert len(await other.listed()) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "x", "name": "X", "role": "agent"}, "email"),
        ({"email": "x@example.com", "name": " ", "role": "agent"}, "name"),
        ({"email": "x@example.com", "name": "X", "role": "owner"}, "role"),
        ({"email": "x@example.com", "name": "X", "role": "agent", "workspace_id": "ws_x"}, "workspace_id"),
    ],
)
async def test_a_bad_invitation_is_refused_at_its_field(office: Office, body: dict[str, str], field: str) -> None:
    refused = await office.admin.post(INVITATIONS, json=body)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert await office.listed() == []


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "email"])
async def test_a_bad_password_is_refused_at_its_field_and_the_link_still_holds(office: Office, password: str) -> None:
    made = await office.invite()
    refused = await office.accept(made["link"], office.email() if password == "email" else password)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["password"]
    assert (await office.accept(made["link"])).status_code == 200


async def test_only_admins_invite_and_only_into_their_own_workspace(office: Office) -> None:
    made = await office.invite()
    agent = await office.console.add("agent", workspace=office.name)
    body = {"email": office.email("x"), "name": "X", "role": "agent"}
    async with office.console.signed_in(agent) as browser:
        forbidden = [
            await browser.get(INVITATIONS),
            await browser.post(INVITATIONS, json=body),
            await browser.post(f"{INVITATIONS}/{made['id']}/link"),
            await browser.delete(f"{INVITATIONS}/{made['id']}"),
        ]
    async with an_office(office.console) as other:
        foreign = [
            await other.admin.post(f"{INVITATIONS}/{made['id']}/link"),
            await other.admin.delete(f"{INVITATIONS}/{made['id']}"),
        ]
        assert await other.listed() == []

    assert [answer.status_code for answer in forbidden] == [403] * 4
    assert [answer.status_code for answer in foreign] == [404, 404]
    assert (await office.accept(made["link"])).status_code == 200


async def test_a_key_invites_only_to_what_it_may_do_itself(office: Office) -> None:
    key = await cli.add_api_key(
        workspace_id=office.user.workspace_id, name="HR", scopes=["users:write"], settings=office.console.settings
    )
    async with office.console.browser(Authorization=f"Bearer {key.key}") as program:
        await until_let_in(program)
        body = {"email": office.email(), "name": "X", "role": "agent"}
        assert (await program.post(INVITATIONS, json=body)).status_code == 403


async def test_links_that_lead_nowhere_are_slowed_down(office: Office) -> None:
    made = await office.invite()
    async with office.console.browser() as guesser:
        answers = [await guesser.post("/api/console/invitation/open", json={"token": f"guess-{n}"}) for n in range(65)]
        right = await guesser.post("/api/console/invitation/open", json={"token": token(made["link"])})
    statuses = [answer.status_code for answer in answers]

    assert statuses[:60] == [404] * 60
    assert statuses[-1] == right.status_code == 429
    assert int(right.headers["retry-after"]) > 0
    assert (await office.open(made["link"])).status_code == 200


async def test_other_sites_cannot_accept_in_somebodys_browser(office: Office) -> None:
    made = await office.invite()
    async with office.console.browser(Origin="https://evil.example") as browser:
        body = {"token": token(made["link"]), "password": PASSWORD}
        refused = await browser.post("/api/console/invitation/accept", json=body)

    assert refused.status_code == 403
    assert await office.users(office.email()) == 0


async def test_a_change_and_a_sign_in_at_once_lose_neither(office: Office) -> None:
    agent = await office.console.add("agent", workspace=office.name)
    async with office.console.browser() as browser:
        for n in range(5):
            changed, signed_in = await asyncio.gather(
                office.admin.patch(f"/api/console/users/{agent.id}", json={"name": f"Name {n}"}),
                sign_in(browser, agent.email),
            )
            assert (changed.status_code, signed_in.status_code) == (200, 200)
    client = connect(office.console.settings)
    kept = await Users(database(client, office.console.settings, "console")).one(agent.workspace_id, agent.id)
    client.close()

    assert kept
    assert kept.name == "Name 4"
    assert kept.last_signed_in_at
