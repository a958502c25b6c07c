"""The limits of a connection hold whatever happens around them; the clock is ours."""

import math
from collections import deque
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.pace import Limits, Pace
from tests.broadcast.rows import a_row

LIMITS = Limits(rate=5, window=1.0, spacing=0.5)
IN_FLIGHT = 4


class Play:
    """Drives a pace as a lane does, and notes every start."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.pace = Pace(limits, IN_FLIGHT)
        self.now = 0.0
        self.made = 0
        self.claimed: deque[Delivery] = deque()
        self.under_way: deque[Delivery] = deque()
        self.starts: list[tuple[float, str, str]] = []
        self.pauses: list[tuple[float, float]] = []

    def load(self, chat: int) -> None:
        self.made += 1
        self.pace.load([(self.now, a_row(f"o{self.made:04d}", str(chat)))])

    def take(self) -> None:
        self.claimed.extend(self.pace.take(self.now))

    def start(self) -> None:
        if self.claimed:
            row = self.claimed.popleft()
            if self.pace.is_paused(self.now):
                self.pace.not_started()
                self.pace.give_back(row, self.now)
                return
            self.pace.started(row, self.now)
            self.starts.append((self.now, row.chat_contact_id, row.id))
            self.under_way.append(row)

    def answer(self, kind: str) -> None:
        if not self.under_way:
            return
        row = self.under_way.popleft()
        if kind == "limited":
            self.pauses.append((self.now, self.now + 2.0))
            self.pace.pause(self.now + 2.0)
        if kind == "sent":
            self.pace.finish(row)
        else:
            self.pace.give_back(row, self.now + (1.0 if kind == "faulty" else 0.0))


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("load"), st.integers(1, 4)),
        st.tuples(st.just("pass"), st.floats(0.0, 1.5, allow_nan=False)),
        st.tuples(st.sampled_from(["take", "start", "start", "sent", "sent", "faulty", "limited"]), st.just(0)),
    ),
    max_size=120,
)


@given(_STEPS)
def test_rate_spacing_pauses_and_order_are_never_violated(steps: list[tuple[str, float]]) -> None:
    play = Play()
    for step, value in steps:
        match step:
            case "load":
                play.load(int(value))
            case "pass":
                play.now += value
            case "take":
                play.take()
            case "start":
                play.start()
            case _:
                play.answer(step)
        assert len(play.pace.in_flight) <= IN_FLIGHT
    _holds(play)


def _holds(play: Play) -> None:
    times = [at for at, _, _ in play.starts]
    for first, sixth in zip(times, times[LIMITS.rate :], strict=False):
        assert sixth - first >= LIMITS.window - 1e-9
    for chat in {chat for _, chat, _ in play.starts}:
        own = [(at, id_) for at, one, id_ in play.starts if one == chat]
        assert [id_ for _, id_ in own] == sorted(id_ for _, id_ in own)
        for (earlier, _), (later, _) in pairwise(own):
            assert later - earlier >= LIMITS.spacing - 1e-9
    for told, until in play.pauses:
        assert not [at for at in times if told < at < until]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=60))
def test_everything_is_started_when_one_waits_as_told(chats: list[int]) -> None:
    play = Play()
    for chat in chats:
        play.load(chat)
    for _ in range(10 * len(chats)):
        play.take()
        if not play.claimed:
            at = play.pace.next_at(play.now)
            if math.isinf(at):
                break
            assert at >= play.now
            play.now = at
        while play.claimed:
            play.start()
        while play.under_way:
            play.answer("sent")

    assert len(play.starts) == len(chats)
    assert play.pace.is_empty
    _holds(play)


def test_no_limits_means_none_but_what_is_in_flight() -> None:
    play = Play(Limits(rate=0, window=1.0, spacing=0.0))
    for chat in range(20):
        play.load(chat)
    play.take()
    assert len(play.claimed) == IN_FLIGHT


def test_a_row_that_is_known_is_not_taken_in_again() -> None:
    play = Play()
    row = a_row()
    play.pace.load([(0.0, row)])
    (taken,) = play.pace.take(0.0)
    play.pace.load([(0.0, row)])
    play.pace.started(taken, 0.0)
    play.pace.give_back(taken, 0.0)
    play.pace.load([(0.0, row)])

    assert len(play.pace.take(5.0)) == 1
    assert play.pace.take(5.0) == []


def test_a_busy_chat_does_not_hold_up_the_others() -> None:
    play = Play()
    for _ in range(10):
        play.load(1)
    play.load(2)
    play.take()

    assert {row.chat_contact_id for row in play.claimed} == {"cc_1", "cc_2"}
