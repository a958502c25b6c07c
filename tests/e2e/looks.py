"""How a page looks to those who see little, in light and in dark."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

_COLOURS_ARRIVED = """
() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => null)))
"""


async def turn(page: Page, scheme: str) -> None:
    """Turn a page of the console light or dark, and wait until its colours have arrived."""
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    await page.evaluate(_COLOURS_ARRIVED)


async def nothing_serious(page: Page, context: str | None = None) -> None:
    """Have axe find nothing serious on a page, or in a part of it."""
    await page.evaluate(_COLOURS_ARRIVED)
    found = await Axe().run(page, context=context)
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == [], [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious]
