"""People who write, chance whose seed is told, and figures that are shown when all is done."""

import itertools
import random
from collections.abc import Callable

import pytest

from tests.e2e.kith import until
from tests.faults.house import GENEROUS, House
from tests.faults.load import Load, NewLoad, Tell

_BOTS = itertools.count(810_001)
_FIGURE = "figure"


@pytest.fixture
async def people(house: House) -> NewLoad:
    """Give some people who have said hello to a bot of their own."""

    async def some(number: int) -> Load:
        await until(house.is_ready, GENEROUS)
        load = Load(house, await house.bot(next(_BOTS)), people=number)
        await load.open_chats()
        return load

    return some


@pytest.fixture
def dice(tell: Tell, request: pytest.FixtureRequest) -> random.Random:
    """Give chance."""
    seed = random.SystemRandom().randrange(1_000_000)
    tell(f"{request.node.name}: seed {seed}")
    return random.Random(seed)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Give what takes a figure worth reading."""
    return lambda figure: record_property(_FIGURE, figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    told = [figure for report in reports for name, figure in report.user_properties if name == _FIGURE]
    if told:
        terminalreporter.section("faults", sep="-")
        for figure in told:
            terminalreporter.write_line(str(figure))
