"""One Kith for all of these tests, ended after the last of them: each brings people of its own."""

import itertools
import os
import shutil
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.desk import Desk, a_desk, sign_in
from tests.e2e.kith import Kith, a_kith

SHOTS = Path(os.environ.get("KITH_SCREENSHOTS", "screenshots"))
_PEOPLE = itertools.count(int(time.time() * 10) % 900_000_000 + 100_000_000)
expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
async def kith() -> AsyncGenerator[Kith]:
    async with a_kith(KITH_PUSH_PRIVATE="loopback") as running:  # its push service is the tests' own
        yield running


@pytest.fixture
def somebody() -> int:
    """Return the chat id of a person whom nobody has seen."""
    return next(_PEOPLE)


@pytest.fixture(scope="package")
async def browser() -> AsyncGenerator[Browser]:
    path = os.environ.get("KITH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("not run: install chromium with `apt-get install chromium`, or name one in KITH_CHROMIUM")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        await started.close()


@pytest.fixture
async def agent(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    """Give a page on which an agent has signed in."""
    page = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 820}, locale="en-GB")
    await sign_in(page, kith, "agent")
    yield page
    await page.close()


@pytest.fixture
async def desk(kith: Kith, somebody: int) -> AsyncGenerator[Desk]:
    """Give a queue whose members are the agent and the admin."""
    async with a_desk(kith, f"Help {somebody}") as found:
        yield found


@pytest.fixture
def shot() -> Callable[[str], str]:
    """Return where a screenshot of this name goes: `screenshots/`, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return lambda name: str(SHOTS / f"{name}.png")
