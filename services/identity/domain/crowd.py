"""Who has which facet, as bits in memory: how many any filter lets through, and the newest of them."""

import heapq
import re
from array import array
from collections.abc import Iterator

from services.identity.domain.filter import Filter

_KEPT = ("registered:", "source:", "refused:", "t:", "g:", "sg:")
"""What is filtered by. Words, emails and phones are searched for in the database."""
_FEW = 4_096
"""So many numbers are kept one by one; more are kept as bits: 125 kB for each million clients."""
_NOT_EMPTY = re.compile(rb"[^\x00]")
_ID_DIGITS = slice(3, 19)


class Members:
    """Numbers of the clients that have a facet."""

    __slots__ = ("_bits", "_few", "size")

    def __init__(self) -> None:
        self._few: set[int] | None = set()
        self._bits = bytearray()
        self.size = 0

    def __contains__(self, number: int) -> bool:
        if self._few is not None:
            return number in self._few
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)

    def add(self, number: int) -> None:
        if number in self:
            return
        self.size += 1
        if self._few is None:
            self._set(number)
            return
        self._few.add(number)
        if len(self._few) > _FEW:
            few, self._few = self._few, None
            for one in few:
                self._set(one)

    def discard(self, number: int) -> None:
        if number not in self:
            return
        self.size -= 1
        if self._few is not None:
            self._few.discard(number)
        else:
            self._bits[number >> 3] &= ~(1 << (number & 7))

    def bits(self) -> int:
        """Return them as one number, whose bit n stands for client n."""
        if self._few is None:
            return int.from_bytes(self._bits, "little")
        found = bytearray((max(self._few, default=0) >> 3) + 1)
        for number in self._few:
            found[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(found, "little")

    def _set(self, number: int) -> None:
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(place - len(self._bits) + 4_096))
        self._bits[place] |= 1 << (number & 7)


class Crowd:
    """The clients of one workspace. Each has a number, which is given away again when the client is gone."""

    def __init__(self) -> None:
        self._numbers: dict[int | str, int] = {}
        self._created = array("q")
        self._free: list[int] = []
        self._everybody = Members()
        self._members: dict[str, Members] = {}

    def __len__(self) -> int:
        return self._everybody.size

    def put(self, id_: str, created_at: int, facets: list[str]) -> None:
        """Note somebody as they are now. `created_at` is in milliseconds."""
        kept = {facet for facet in facets if facet.startswith(_KEPT)}
        number = self._numbers.get(_key(id_))
        if number is None:
            number = self._give(_key(id_))
        else:
            for facet, members in self._members.items():
                if facet not in kept:
                    members.discard(number)
        self._created[number] = created_at
        self._everybody.add(number)
        for facet in kept:
            members = self._members.get(facet)
            if members is None:
                members = self._members[facet] = Members()
            members.add(number)

    def drop(self, id_: str) -> None:
        """Forget somebody who is gone; whoever was never here changes nothing."""
        number = self._numbers.pop(_key(id_), None)
        if number is None:
            return
        self._everybody.discard(number)
        for members in self._members.values():
            members.discard(number)
        self._free.append(number)

    def size(self, facet: str) -> int:
        """Return how many have a facet."""
        members = self._members.get(facet)
        return 0 if members is None else members.size

    def count(self, asked: Filter) -> int:
        """Return how many a filter lets through, its search left out."""
        if not asked.one_of and not asked.none_of and len(asked.all_of) < 2:  # noqa: PLR2004 - kept as a number
            return self.size(asked.all_of[0]) if asked.all_of else len(self)
        return self._bits(asked).bit_count()

    def newest(self, asked: Filter, before: int | None, limit: int) -> list[int]:
        """Return when whom a filter lets through were made: all made at `before`, and the newest ones made earlier."""
        made = [self._created[number] for number in _numbers(self._bits(asked))]
        if before is None:
            return heapq.nlargest(limit, made)
        same = [at for at in made if at == before]
        return same + heapq.nlargest(limit, (at for at in made if at < before))

    def _bits(self, asked: Filter) -> int:
        found = self._everybody.bits()
        for facet in sorted(asked.all_of, key=self.size):
            found &= self._bits_of(facet)
        if asked.one_of:
            one = 0
            for facet in asked.one_of:
                one |= self._bits_of(facet)
            found &= one
        for facet in asked.none_of:
            found &= ~self._bits_of(facet)
        return found

    def _bits_of(self, facet: str) -> int:
        members = self._members.get(facet)
        return 0 if members is None else members.bits()

    def _give(self, key: int | str) -> int:
        number = self._free.pop() if self._free else len(self._created)
        if number == len(self._created):
            self._created.append(0)
        self._numbers[key] = number
        return number


def _key(id_: str) -> int | str:
    """Return 64 of an id's 96 random bits, which take half the room; an id of another form stands for itself.

    Two of a million clients have the same ones once in forty million workspaces.
    """
    try:
        return int(id_[_ID_DIGITS], 16) if len(id_) >= _ID_DIGITS.stop else id_
    except ValueError:
        return id_


def _numbers(bits: int) -> Iterator[int]:
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for match in _NOT_EMPTY.finditer(data):
        place = match.start()
        for bit in _BITS_OF[data[place]]:
            yield place * 8 + bit


_BITS_OF = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
