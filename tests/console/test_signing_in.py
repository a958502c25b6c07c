"""Signing in, staying signed in, and being put out."""

import asyncio
import re
import time

import pytest
from pwdlib import PasswordHash

from services.console.routes.cookie import SessionCookie
from services.console.settings import ConsoleSettings
from services.console.store.attempts import Attempts
from services.console.usecases.hashing import Hashing
from services.console.usecases.sign_in import PER_ADDRESS
from shared.storage.mongo import connect, database
from tests.console.conftest import PASSWORD, Console, sign_in


async def test_the_right_password_gives_a_token_and_a_cookie_that_scripts_never_see(console: Console) -> None:
    user = await console.add()
    async with console.browser() as browser:
        answer = await sign_in(browser, user.email.upper())

        assert answer.status_code == 200
        body = answer.json()
        assert body["expires_in"] == 300
        assert body["user"]["email"] == user.email
        assert body["user"]["workspace_id"] == user.workspace_id
        assert set(body["user"]) == {"id", "email", "name", "role", "scopes", "workspace_id", "workspace_name"}
        cookie = answer.headers["set-cookie"]
        assert re.match(rf"kith_session_{console.settings.port}=[\w-]{{43}};", cookie)
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/api/console" in cookie
        assert "Max-Age=2592000" in cookie
        assert "Secure" not in cookie


def test_over_https_the_cookie_is_sent_in_no_other_way() -> None:
    settings = ConsoleSettings(public_url="https://kith.example.com")
    from fastapi import Response

    response = Response()
    SessionCookie(settings).set(response, "value")

    assert "Secure" in response.headers["set-cookie"]


def test_two_runs_on_one_host_have_sessions_of_their_own() -> None:
    names = {
        SessionCookie(ConsoleSettings(port=port, public_url=public_url)).name
        for port, public_url in ((8000, ""), (8010, ""), (8000, "https://kith.example.com"), (8000, "http://kith.lan"))
    }

    assert names == {"kith_session_8000", "kith_session_8010", "kith_session_443", "kith_session_80"}


async def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(console: Console) -> None:
    user = await console.add()
    async with console.browser() as browser:
        wrong = await sign_in(browser, user.email, "something else entirely")
        unknown = await sign_in(browser, f"nobody-{user.email}", "something else entirely")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "set-cookie" not in wrong.headers
    assert wrong.headers["content-type"] == "application/problem+json"


async def test_an_unknown_email_costs_a_whole_check(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = PasswordHash.verify_and_update

    def counted(self: PasswordHash, password: str, hash_: str) -> tuple[bool, str | None]:
        checked.append(hash_)
        return real(self, password, hash_)

    monkeypatch.setattr(PasswordHash, "verify_and_update", counted)
    hashing = Hashing()

    assert await hashing.check(PASSWORD, None) == (False, None)
    assert checked[0].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no email", "password": PASSWORD}, "email"),
        ({"email": {"$ne": ""}, "password": PASSWORD}, "email"),
        ({"email": "ada@example.com", "password": {"$ne": ""}}, "password"),
        ({"email": "ada@example.com"}, "password"),
        ({"email": "ada@example.com", "password": PASSWORD, "role": "admin"}, "role"),
    ],
)
async def test_bad_input_is_named_by_its_field(console: Console, body: object, field: str) -> None:
    async with console.browser() as browser:
        answer = await browser.post("/api/console/sign-in", json=body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert PASSWORD not in answer.text


async def test_guessing_one_users_password_is_slowed_down(console: Console) -> None:
    user = await console.add()
    async with console.browser() as browser:
        answers = [await sign_in(browser, user.email, f"wrong number {n}") for n in range(11)]
        refused = await sign_in(browser, user.email)
        async with console.browser() as elsewhere:
            assert (await sign_in(elsewhere, user.email)).status_code == 429

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "Try again in" in refused.json()["detail"]


async def test_guessing_many_users_from_one_address_is_slowed_down(console: Console) -> None:
    user = await console.add()
    address = "198.51.100.7"
    client = connect(console.settings)
    attempts = Attempts(database(client, console.settings, "console"))
    waits = await asyncio.gather(
        *(attempts.take("address", address, PER_ADDRESS) for _ in range(PER_ADDRESS.burst + 5))
    )
    client.close()
    async with (
        console.browser(**{"X-Forwarded-For": address}) as browser,
        console.browser(**{"X-Forwarded-For": "198.51.100.8"}) as elsewhere,
    ):
        refused, let_in = await sign_in(browser, user.email), await sign_in(elsewhere, user.email)

    assert 0 <= waits.count(0) - PER_ADDRESS.burst <= 1  # one may have come back meanwhile
    assert refused.status_code == 429
    assert let_in.status_code == 200


async def test_signing_in_rightly_is_never_slowed_down(console: Console) -> None:
    user = await console.add()
    async with console.browser() as browser:
        assert [(await sign_in(browser, user.email)).status_code for _ in range(12)] == [200] * 12


async def test_the_cookie_gives_fresh_tokens_until_signing_out(console: Console) -> None:
    user = await console.add()
    async with console.browser() as browser:
        await sign_in(browser, user.email)
        fresh = await browser.post("/api/console/token")
        assert fresh.status_code == 200
        assert fresh.json()["user"]["id"] == user.id
        held = dict(browser.cookies)

        assert (await browser.post("/api/console/sign-out")).status_code == 204
        assert (await browser.post("/api/console/token")).status_code == 401
        ((name, value),) = held.items()
        kept = await browser.post("/api/console/token", headers={"Cookie": f"{name}={value}"})
        assert kept.status_code == 401


@pytest.mark.parametrize("path", ["token", "sign-out"])
async def test_other_sites_cannot_use_the_cookie(console: Console, path: str) -> None:
    user = await console.add()
    async with console.browser() as browser:
        await sign_in(browser, user.email)
        del browser.headers["Origin"]
        url = f"/api/console/{path}"
        for foreign in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": f"{console.origin}.evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
            {},
        ):
            refused = await browser.post(url, headers=foreign)
            assert refused.status_code == 403, foreign
            assert refused.json()["type"] == "urn:kith:problem:foreign-origin"
        assert (await browser.post(url, headers={"Sec-Fetch-Site": "same-origin"})).status_code in {200, 204}


async def test_other_sites_cannot_sign_a_browser_in(console: Console) -> None:
    user = await console.add()
    async with console.browser(Origin="https://evil.example") as browser:
        assert (await sign_in(browser, user.email)).status_code == 403
    async with console.browser(Origin=console.origin.replace("127.0.0.1", "localhost")) as browser:
        assert (await sign_in(browser, user.email)).status_code == 200


async def test_a_new_password_ends_every_session_and_token(console: Console) -> None:
    user = await console.add()
    other = await console.add(workspace=(await _workspace_name(console, user.email)))
    async with console.signed_in(user) as admin, console.signed_in(other) as browser:
        changed = await admin.patch(f"/api/console/users/{other.id}", json={"password": "a whole new secret"})
        assert changed.status_code == 200

        assert (await browser.post("/api/console/token")).status_code == 401
        assert (await browser.get("/api/console/me")).status_code == 401
        assert (await sign_in(browser, other.email)).status_code == 401
        again = await sign_in(browser, other.email, "a whole new secret")
        browser.headers["Authorization"] = f"Bearer {again.json()['access_token']}"
        assert (await browser.get("/api/console/me")).status_code == 200


async def test_a_deactivated_user_is_out_and_is_told_why(console: Console) -> None:
    user = await console.add()
    other = await console.add("agent", workspace=(await _workspace_name(console, user.email)))
    async with console.signed_in(user) as admin, console.signed_in(other) as browser:
        await admin.patch(f"/api/console/users/{other.id}", json={"active": False})

        assert (await browser.post("/api/console/token")).status_code == 401
        assert (await browser.get("/api/console/me")).status_code == 401
        told = await sign_in(browser, other.email)
        assert told.status_code == 403
        assert "deactivated" in told.json()["detail"]
        await admin.patch(f"/api/console/users/{other.id}", json={"active": True})
        assert (await sign_in(browser, other.email)).status_code == 200


async def test_ones_own_password_is_changed_with_the_old_one(console: Console) -> None:
    user = await console.add("agent")
    async with console.signed_in(user) as browser, console.signed_in(user) as elsewhere:
        change = {"current_password": "not it at all", "new_password": "a whole new secret"}
        refused = await browser.post("/api/console/me/password", json=change)
        assert [error["field"] for error in refused.json()["errors"]] == ["current_password"]

        done = await browser.post("/api/console/me/password", json=change | {"current_password": PASSWORD})
        assert done.status_code == 200
        assert (await browser.post("/api/console/token")).status_code == 200
        assert (await elsewhere.post("/api/console/token")).status_code == 401


async def test_an_unreasonable_body_is_refused(console: Console) -> None:
    async with console.browser() as browser:
        answer = await browser.post("/api/console/sign-in", content=b"x" * 100_000)

    assert answer.status_code == 413


async def test_checking_passwords_leaves_the_console_answering(console: Console) -> None:
    async with console.browser() as browser:
        checks = [asyncio.create_task(sign_in(browser, f"many{n}@example.com", "wrong")) for n in range(12)]
        began = time.monotonic()
        assert (await browser.get("/health/live")).status_code == 200
        waited = time.monotonic() - began
        await asyncio.gather(*checks)

    assert waited < time.monotonic() - began


async def _workspace_name(console: Console, email: str) -> str:
    async with console.browser() as browser:
        return str((await sign_in(browser, email)).json()["user"]["workspace_name"])
