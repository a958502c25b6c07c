"""Which messages of one connection may be requested now. The clock is passed in: seconds that only ever rise."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.broadcast.domain.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider allows one connection. Zero means no limit."""

    rate: int
    """Requests that may start in any `window`."""
    window: float
    """Seconds."""
    spacing: float
    """Seconds from the start of one request to that of the next in the same chat."""


@dataclass(slots=True)
class _Chat:
    waiting: deque[tuple[float, Delivery]] = field(default_factory=deque[tuple[float, Delivery]])
    """Rows in their order, each with the time before which it may not be taken."""
    busy: bool = False
    free_at: float = -math.inf


class Pace:
    """The rows that wait, the ones in flight, and the limits. One per connection, in the process that leases it.

    A row that is taken holds its place in every limit until it is started, given back or finished, so a slow claim
    in between cannot bunch requests together.
    """

    def __init__(self, limits: Limits, in_flight: int) -> None:
        self._limits = limits
        self._most = in_flight
        self._chats: dict[str, _Chat] = {}
        self._chats_waiting = 0
        self._taken: dict[str, Delivery] = {}
        self._known: set[str] = set()
        self._not_started = 0
        self._starts: deque[float] = deque()
        self._last_start = -math.inf
        self._paused_until = -math.inf

    @property
    def in_flight(self) -> frozenset[str]:
        """The ids of rows that were taken and are neither finished nor given back."""
        return frozenset(self._taken)

    @property
    def waiting_chats(self) -> list[str]:
        """Chats of which rows are loaded; the rest of theirs is loaded when these are through."""
        return [chat_id for chat_id, chat in self._chats.items() if chat.waiting]

    @property
    def chats_waiting(self) -> int:
        """How many chats have loaded rows that wait."""
        return self._chats_waiting

    @property
    def chats_known(self) -> int:
        """How many chats are remembered, those that nothing is to be remembered of among them."""
        return len(self._chats)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is in flight."""
        return not self._known

    @property
    def paused_until(self) -> float:
        return self._paused_until

    @property
    def last_start(self) -> float:
        """When the last request started; minus infinity before the first."""
        return self._last_start

    def waits(self, chat_id: str) -> bool:
        """Tell whether rows of a chat are loaded and wait."""
        chat = self._chats.get(chat_id)
        return chat is not None and bool(chat.waiting)

    def is_paused(self, now: float) -> bool:
        return now < self._paused_until

    def pause(self, until: float) -> None:
        """Start nothing before `until`."""
        self._paused_until = max(self._paused_until, until)

    def load(self, rows: Iterable[tuple[float, Delivery]]) -> None:
        """Take in waiting rows, each chat's in their order, with the time before which each may not start.

        Those that are here already are passed over.
        """
        for not_before, row in rows:
            if row.id not in self._known:
                self._known.add(row.id)
                chat = self._chats.get(row.chat_contact_id)
                if chat is None:
                    chat = self._chats[row.chat_contact_id] = _Chat()
                self._chats_waiting += not chat.waiting
                chat.waiting.append((not_before, row))

    def take(self, now: float) -> list[Delivery]:
        """Take the rows that may be requested now: at most one of a chat, in the order of their chats."""
        room = self._room(now)
        if room <= 0 or self.is_paused(now):
            return []
        found: list[str] = []
        for chat_id, chat in self._chats.items():
            if chat.waiting and not chat.busy and chat.free_at <= now and chat.waiting[0][0] <= now:
                found.append(chat_id)
                if len(found) == room:
                    break
        return [self._take_from(chat_id) for chat_id in found]

    def _take_from(self, chat_id: str) -> Delivery:
        chat = self._chats.pop(chat_id)
        self._chats[chat_id] = chat  # to the end of the line: no chat is served before all others were
        _, row = chat.waiting.popleft()
        self._chats_waiting -= not chat.waiting
        chat.busy = True
        self._taken[row.id] = row
        self._not_started += 1
        return row

    def _room(self, now: float) -> int:
        room = self._most - len(self._taken)
        if self._limits.rate:
            self._forget_starts(now)
            room = min(room, self._limits.rate - len(self._starts) - self._not_started)
        return room

    def _forget_starts(self, now: float) -> None:
        while self._starts and self._starts[0] + self._limits.window <= now:
            self._starts.popleft()

    def started(self, row: Delivery, now: float) -> None:
        """Note that the request of a taken row starts at this moment."""
        self._not_started -= 1
        self._last_start = now
        if self._limits.rate:
            self._starts.append(now)
        self._chats[row.chat_contact_id].free_at = now + self._limits.spacing

    def not_started(self) -> None:
        """Note that a taken row will not be requested; it is still to be finished or given back."""
        self._not_started -= 1

    def give_back(self, row: Delivery, not_before: float) -> None:
        """Put a row back before all others of its chat."""
        del self._taken[row.id]
        chat = self._chats[row.chat_contact_id]
        chat.busy = False
        self._chats_waiting += not chat.waiting
        chat.waiting.appendleft((not_before, row))

    def finish(self, row: Delivery) -> None:
        """Let a row go: its result is written."""
        del self._taken[row.id]
        self._known.discard(row.id)
        self._chats[row.chat_contact_id].busy = False

    def forget_idle(self, now: float) -> None:
        """Drop chats of which nothing is left to remember."""
        idle = [
            chat_id
            for chat_id, chat in self._chats.items()
            if not chat.waiting and not chat.busy and chat.free_at <= now
        ]
        for chat_id in idle:
            del self._chats[chat_id]

    def has_room(self, now: float) -> bool:
        """Tell whether a row could be taken now, were there one that may start."""
        return self._room(now) > 0 and not self.is_paused(now)

    def next_at(self, now: float) -> float:
        """Return when `take` may next give something, if nothing happens meanwhile; infinite where it will not."""
        if not self._chats_waiting or len(self._taken) >= self._most:
            return math.inf
        when = self._paused_until
        if self._limits.rate and self._room(now) <= 0:
            if not self._starts:
                return math.inf  # all places are held by rows that are about to start
            when = max(when, self._starts[0] + self._limits.window)
        waiting = (chat for chat in self._chats.values() if chat.waiting and not chat.busy)
        return max(when, min((max(chat.free_at, chat.waiting[0][0]) for chat in waiting), default=math.inf))
