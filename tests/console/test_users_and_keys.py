"""What admins do with users and API keys, and what nobody may do."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from services.console import cli
from services.console.domain.people import User
from shared.contracts.scopes import SCOPES
from shared.messaging.publisher import Publisher
from shared.web.key_uses import KeyUses
from shared.web.problems import ProblemError
from tests.console.conftest import PASSWORD, Console, sign_in, until_let_in
from tests.console.running import eventually


async def test_a_user_added_without_a_password_gets_one_that_is_shown_once(console: Console) -> None:
    async with console.signed_in(await console.add()) as admin:
        email = f"New.{(await _me(admin))['id']}@Example.com"
        added = await admin.post("/api/console/users", json={"email": email, "name": " Neu ", "role": "agent"})
        listed = (await admin.get("/api/console/users", params={"search": email.lower()})).json()

    assert added.status_code == 201
    user = added.json()
    assert user["email"] == email.lower()
    assert user["name"] == "Neu"
    assert [item["id"] for item in listed["items"]] == [user["id"]]
    assert "password" not in str(listed)
    async with console.browser() as browser:
        assert (await sign_in(browser, email, user["temporary_password"])).status_code == 200


async def test_lists_go_on_where_the_last_page_ended(console: Console) -> None:
    async with console.signed_in(await console.add()) as admin:
        for n in range(4):
            new = {"email": f"u{n}.{(await _me(admin))['id']}@example.com", "name": f"U{n}", "role": "agent"}
            await admin.post("/api/console/users", json=new)
        for sort in ("email", "-created_at", "name"):
            found: list[str] = []
            cursor: str | None = None
            while True:
                params = {"limit": 2, "sort": sort} | ({"cursor": cursor} if cursor else {})
                page = (await admin.get("/api/console/users", params=params)).json()
                found += [item["id"] for item in page["items"]]
                assert (page["total"], page["total_is_exact"]) == (5, True)
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            assert len(found) == len(set(found)) == 5
        page = (await admin.get("/api/console/users", params={"limit": 2})).json()
        other = await admin.get("/api/console/users", params={"cursor": page["next_cursor"], "sort": "name"})
        nonsense = await admin.get("/api/console/users", params={"cursor": "eyJ4IjoxfQ"})

    assert [other.status_code, nonsense.status_code] == [422, 422]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "x", "name": "X", "role": "agent"}, "email"),
        ({"email": "x@example.com", "name": " ", "role": "agent"}, "name"),
        ({"email": "x@example.com", "name": "X", "role": "owner"}, "role"),
        ({"email": "x@example.com", "name": "X", "role": "agent", "password": "short"}, "password"),
        ({"email": "x@example.com", "name": "X", "role": "agent", "password": "aaaaaaaaaaaaaa"}, "password"),
        (
            {"email": "somebody@example.com", "name": "X", "role": "agent", "password": "SomeBody@example.com"},
            "password",
        ),
        ({"email": "x@example.com", "name": "X", "role": "agent", "workspace_id": "ws_other"}, "workspace_id"),
        ({"email": "x@example.com", "name": {"$gt": ""}, "role": "agent"}, "name"),
    ],
)
async def test_a_bad_user_is_refused_at_its_field(console: Console, body: dict[str, str], field: str) -> None:
    async with console.signed_in(await console.add()) as admin:
        refused = await admin.post("/api/console/users", json=body)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["field"] == field
    assert error["message"]


async def test_an_email_belongs_to_one_user_of_the_installation(console: Console) -> None:
    somebody = await console.add()
    async with console.signed_in(await console.add()) as admin:
        body = {"email": somebody.email.upper(), "name": "X", "role": "agent"}
        refused = await admin.post("/api/console/users", json=body)

    assert refused.status_code == 409
    assert refused.json()["errors"][0]["field"] == "email"


async def test_the_last_admin_stays(console: Console) -> None:
    user = await console.add()
    async with console.signed_in(user) as admin:
        url = f"/api/console/users/{user.id}"
        refused = [await admin.patch(url, json=change) for change in ({"role": "agent"}, {"active": False})]
        renamed = await admin.patch(url, json={"name": "Ada"})

    assert [answer.status_code for answer in refused] == [409, 409]
    assert "last active admin" in refused[0].json()["detail"]
    assert renamed.json()["name"] == "Ada"


async def test_two_admins_who_put_each_other_out_at_once_leave_one(console: Console) -> None:
    for _ in range(3):
        one = await console.add()
        async with console.signed_in(one) as admin:
            body = {"email": f"two.{one.id}@example.com", "name": "Two", "role": "admin", "password": PASSWORD}
            two = (await admin.post("/api/console/users", json=body)).json()
            answers = await asyncio.gather(
                admin.patch(f"/api/console/users/{two['id']}", json={"role": "agent"}),
                admin.patch(f"/api/console/users/{one.id}", json={"role": "agent"}),
            )

        assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("role", ["agent", "marketer"])
async def test_only_admins_manage_users_and_keys(console: Console, role: str) -> None:
    user = await console.add("agent" if role == "agent" else "marketer")
    async with console.signed_in(user) as browser:
        answers = [
            await browser.get("/api/console/users"),
            await browser.post("/api/console/users", json={"email": "x@example.com", "name": "X", "role": "agent"}),
            await browser.patch(f"/api/console/users/{user.id}", json={"role": "admin"}),
            await browser.get("/api/console/api-keys"),
            await browser.post("/api/console/api-keys", json={"name": "X", "scopes": ["live:read"]}),
            await browser.delete("/api/console/api-keys/key_x"),
        ]
        assert (await _me(browser))["role"] == role

    assert [answer.status_code for answer in answers] == [403] * 6


async def test_another_workspaces_users_and_keys_are_not_there(console: Console) -> None:
    stranger = await console.add()
    key = await _key(console, stranger, ["live:read"])
    async with console.signed_in(await console.add()) as admin:
        answers = [
            await admin.patch(f"/api/console/users/{stranger.id}", json={"active": False}),
            await admin.delete(f"/api/console/api-keys/{key.id}"),
        ]
        users = (await admin.get("/api/console/users")).json()
        keys = (await admin.get("/api/console/api-keys")).json()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (users["total"], keys["total"]) == (1, 0)


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(console: Console) -> None:
    async with console.signed_in(await console.add()) as admin:
        body = {"name": "Importer", "scopes": ["users:write", "people:read"]}
        made = await admin.post("/api/console/api-keys", json=body)
        key = made.json()
        program = {"Authorization": f"Bearer {key['key']}"}

        assert made.status_code == 201
        assert key["key"].startswith(f"kith_{key['id'].removeprefix('key_')}_")
        assert (await admin.get("/api/console/users", headers=program)).status_code == 200
        listed = (await admin.get("/api/console/api-keys")).json()["items"]
        assert [(item["id"], item["active"]) for item in listed] == [(key["id"], True)]
        assert key["key"].rsplit("_", 1)[1] not in str(listed)

        for _ in range(2):
            assert (await admin.delete(f"/api/console/api-keys/{key['id']}")).status_code == 204
        refused = await admin.get("/api/console/users", headers=program)
        assert refused.status_code == 401
        assert "revoked" in refused.json()["detail"]
        listed = (await admin.get("/api/console/api-keys")).json()["items"]
        assert [(item["active"], bool(item["revoked_at"])) for item in listed] == [(False, True)]


async def test_a_key_shows_the_day_of_its_last_use_which_is_told_once_a_day(console: Console) -> None:
    publisher = Publisher(console.settings, "console")
    await publisher.start()
    async with console.signed_in(await console.add()) as admin:
        body = {"name": "Importer", "scopes": ["users:write"]}
        key = (await admin.post("/api/console/api-keys", json=body)).json()
        assert key["last_used_on"] is None
        uses = KeyUses(console.app.state.access, publisher)
        await uses.once()
        program = {"Authorization": f"Bearer {key['key']}"}
        for _ in range(3):
            assert (await admin.get("/api/console/users", headers=program)).status_code == 200
        assert await uses.once() == 1
        assert await uses.once() == 0

        async def shown() -> bool:
            (item,) = (await admin.get("/api/console/api-keys")).json()["items"]
            return item["last_used_on"] == datetime.now(UTC).date().isoformat()

        await eventually(shown)
    await publisher.stop()


@pytest.mark.parametrize("scopes", [[], ["people:everything"], "people:read", [{"$ne": 1}]])
async def test_a_key_has_scopes_that_exist(console: Console, scopes: object) -> None:
    async with console.signed_in(await console.add()) as admin:
        refused = await admin.post("/api/console/api-keys", json={"name": "X", "scopes": scopes})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith("scopes")


async def test_nobody_gives_what_they_do_not_have(console: Console) -> None:
    admin = await console.add()
    key = await _key(console, admin, ["users:write", "keys:write"])
    async with console.browser(Authorization=f"Bearer {key.key}") as program:
        await until_let_in(program)
        answers = [
            await program.post("/api/console/api-keys", json={"name": "X", "scopes": ["people:read"]}),
            await program.post("/api/console/users", json={"email": "x@example.com", "name": "X", "role": "admin"}),
            await program.patch(f"/api/console/users/{admin.id}", json={"password": "a whole new secret"}),
        ]
        allowed = await program.post("/api/console/api-keys", json={"name": "X", "scopes": ["keys:write"]})
        person = await program.get("/api/console/me")

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert allowed.status_code == 201
    assert person.status_code == 403


async def test_without_a_credential_nothing_is_told(console: Console) -> None:
    async with console.browser() as browser:
        for path in ("/api/console/me", "/api/console/users", "/api/console/api-keys"):
            refused = await browser.get(path)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"


async def test_the_command_line_adds_users_and_keys_and_makes_the_workspace(console: Console) -> None:
    name = f"Shared {(await console.add()).id}"

    async def add(n: int) -> cli.AddedUser:
        email = f"{name.removeprefix('Shared user_')}.{n}@Example.com"
        return await cli.add_user(
            email=email, password=None, name="A", role="admin", workspace_name=name, settings=console.settings
        )

    one, two = await asyncio.gather(add(1), add(2))
    assert one.workspace_id == two.workspace_id
    assert one.password not in repr(one)
    async with console.browser() as browser:
        assert (await sign_in(browser, one.email, one.password)).status_code == 200

    with pytest.raises(ProblemError, match="signs in with this email already"):
        await add(1)
    with pytest.raises(ProblemError, match="no such workspace"):
        await cli.add_api_key(workspace_id="ws_none", name="K", scopes=["live:read"], settings=console.settings)


async def _key(console: Console, user: User, scopes: list[str]) -> cli.AddedKey:
    assert set(scopes) <= set(SCOPES)
    return await cli.add_api_key(workspace_id=user.workspace_id, name="Key", scopes=scopes, settings=console.settings)


async def _me(browser: httpx.AsyncClient) -> dict[str, str]:
    return (await browser.get("/api/console/me")).json()
