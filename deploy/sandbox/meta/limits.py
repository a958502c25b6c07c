"""Meta's rate limits. Unlike Telegram, Meta does not say how long to wait."""

from deploy.sandbox.meta.errors import GraphError, of_code
from deploy.sandbox.meta.schema import Channel
from deploy.sandbox.waits import Waits, Windows

PER_SECOND: dict[Channel, int] = {"whatsapp": 80, "messenger": 300, "instagram": 300}
MEDIA_PER_SECOND = 10
"""Of a page or an Instagram account: images, videos, files."""
PAIR_BURST, PAIR_SECONDS = 45, 6.0
"""Between two numbers: one message in six seconds, of which 45 may be taken in advance."""
_TEXT_SCOPE, _MEDIA_SCOPE = None, "media"


class Limits(Waits):
    """Windows per account, and a bucket per pair of numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = Windows()
        self._pairs: dict[tuple[str, str], tuple[float, float]] = {}
        """What is left of each pair's bucket, and when that was reckoned."""

    def take(self, channel: Channel, account: str, chat: str, now: float, *, media: bool = False) -> GraphError | None:
        """Count one message; the refusal where it is one too many. Such a one is not counted."""
        apart = media and channel != "whatsapp"
        scope = (account, _MEDIA_SCOPE if apart else _TEXT_SCOPE)
        most = MEDIA_PER_SECOND if apart else PER_SECOND[channel]
        if self._sent.full_for(scope, most, 1.0, now) is not None:
            return of_code(130429 if channel == "whatsapp" else 613)
        if channel == "whatsapp" and not self._take_of_pair((account, chat), now):
            return of_code(131056)
        self._sent.count(now, 1.0, scope)
        return None

    def _take_of_pair(self, pair: tuple[str, str], now: float) -> bool:
        left, at = self._pairs.get(pair, (float(PAIR_BURST), now))
        left = min(PAIR_BURST, left + (now - at) / PAIR_SECONDS)
        if left < 1:
            return False
        self._pairs[pair] = (left - 1, now)
        return True

    def lift(self, whose: object) -> None:
        """Forget what one account sent and owes."""
        super().lift(whose)
        self._sent.lift(whose)
        self._pairs = {pair: held for pair, held in self._pairs.items() if pair[0] != whose}
