"""What people write, accepted on each channel: checked and durably acknowledged, beside its own floor (bare.py)."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.accounts import API_KEY, APP_SECRET, HOOK_SECRET, SITE_KEY, connect_all, device_tokens
from tests.bench.load import Plan
from tests.bench.report import spread
from tests.bench.requests import CONNECTIONS, GATHERED
from tests.bench.stage import Load, Running, environment, free_port, loading, running, stage

SECONDS = 2.0
"""Of each side of a round; the clock that is read ticks a hundred times a second."""
AT_ONCE = 64
"""Connections with a request on its way; fewer where each holds many messages."""
GOAL_RATIO = 1.3
"""Of Telegram's."""
UNLIMITED = {
    "KITH_WIDGET_DEVICE_RATE": "1000000",
    "KITH_WIDGET_DEVICE_BURST": "1000000",
    "KITH_WIDGET_ADDRESS_RATE": "1000000",
    "KITH_WIDGET_ADDRESS_BURST": "1000000",
}
"""All visitors come from one address here."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, and the ratio of its floor's cost to its own that it must not fall below."""

    name: str
    maker: str
    floor: str
    path: str
    proofs: tuple[str, ...]
    messages: int
    """In each request."""
    least: float


def ways() -> Sequence[Way]:
    """List the ways in. Telegram's bound is what was asked for; the others' are 0.6 of what was measured."""

    def hook(channel: str, floor: str, proof: str, messages: int, least: float) -> Way:
        path = f"/hooks/{channel}/{CONNECTIONS[channel]}"
        return Way(channel, channel, f"/bare/{floor}", path, (proof,), messages, least)

    whatsapp = f"/hooks/whatsapp/{CONNECTIONS['whatsapp']}"
    inbound = "/api/ingest/inbound"
    return (
        hook("telegram", "telegram", HOOK_SECRET, 1, 1.0),
        hook("whatsapp", "whatsapp", APP_SECRET, GATHERED, 0.16),
        Way("whatsapp, newcomers", "whatsapp_new", "/bare/whatsapp", whatsapp, (APP_SECRET,), GATHERED, 0.03),
        hook("messenger", "direct", APP_SECRET, GATHERED, 0.28),
        hook("instagram", "direct", APP_SECRET, GATHERED, 0.28),
        Way("widget", "widget", "/bare/widget", f"/widget/{SITE_KEY}/events", tuple(device_tokens()), 1, 0.2),
        Way("custom", "custom", "/bare/custom", inbound, (API_KEY,), 1, 0.2),
        Way("custom, many", "custom_many", "/bare/custom", inbound, (API_KEY,), 100, 0.08),
    )


@dataclass(slots=True)
class _Figures:
    bare: list[float] = field(default_factory=list[float])
    accept: list[float] = field(default_factory=list[float])
    """µs of processor time for each request."""
    rate: list[float] = field(default_factory=list[float])
    """Messages accepted each second."""

    @property
    def ratios(self) -> list[float]:
        return [bare / accept for bare, accept in zip(self.bare, self.accept, strict=True)]


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    found = {way: _Figures() for way in ways()}
    async with stage() as settings:
        await connect_all(settings)
        bare_port, ingest_port = free_port(), free_port()
        env = environment(settings, KITH_INGEST_PORT=str(ingest_port), KITH_PARTS="web", **UNLIMITED)
        async with (
            running("tests.bench.bare", str(bare_port), port=bare_port, env=env, ready="/ready") as bare,
            running("services.ingest", port=ingest_port, env=env, ready="/health/ready") as ingest,
            loading() as load,
        ):
            first = 1
            for number in range(rounds + 1):
                for way, figures in found.items():
                    floor, _ = await _one(load, bare, way, way.floor, first)
                    cost, requests = await _one(load, ingest, way, way.path, first + 500_000)
                    first += 1_000_000
                    if number:  # the first round warms up
                        figures.bare.append(floor)
                        figures.accept.append(cost)
                        figures.rate.append(requests * way.messages)
    return _report(found)


def _report(found: dict[Way, _Figures]) -> list[str]:
    print("\naccept: one core; µs of the server's own processor time a request, and its floor's cost by its own")
    below: list[str] = []
    for way, figures in found.items():
        ratio = statistics.median(figures.ratios)
        goal = f" (goal {GOAL_RATIO})" if way.name == "telegram" else ""
        many = "message" if way.messages == 1 else "messages"
        print(
            f"  {way.name}, {way.messages} {many}: floor {spread(figures.bare, 'µs')}, Kith "
            f"{spread(figures.accept, 'µs')}; ratio {spread(figures.ratios, '', 2)}, at least {way.least}{goal}; "
            f"{statistics.median(figures.rate):,.0f} messages a second"
        )
        if ratio < way.least:
            below.append(f"accept, {way.name}: {ratio:.2f} of {way.least}")
    return below


async def _one(load: Load, process: Running, way: Way, path: str, first: int) -> tuple[float, float]:
    """Return the cost of a request in µs of the server's processor time, and requests a second."""
    plan = Plan(process.port, path, way.maker, list(way.proofs), SECONDS, max(4, AT_ONCE // way.messages), first)
    before = process.processor_seconds()
    counted = await load(plan)
    spent = process.processor_seconds() - before
    if set(counted["statuses"]) != {"200"}:
        raise RuntimeError(f"{path}: {counted['statuses']}")
    done = counted["statuses"]["200"]
    return spent / done * 1e6, done / counted["seconds"]
