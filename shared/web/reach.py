"""Where calls may go: an address that somebody gives must not become a way into our own network."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Literal

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Private = Literal["off", "loopback", "on"]
"""Whether private addresses may be reached: none, this machine's own, or all."""
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


class PrivateAddressError(OSError):
    """A name leads to an address that is not to be reached."""


def may_reach(address: str, private: Private) -> bool:
    """Tell whether an address may be reached. What carries an IPv4 address inside is judged by that one."""
    found = _inner(ip_address(address))
    if private == "on":
        return True
    if found.is_loopback:
        return private == "loopback"
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address) or address.is_loopback:
        return address
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address


class GuardedResolver(AbstractResolver):
    """Resolves names to what may be reached alone. The connection is made to the very address that was looked at."""

    def __init__(self, private: Private) -> None:
        self._private: Private = private
        self._names = ThreadedResolver(loop=asyncio.get_running_loop())

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        allowed = [one for one in found if may_reach(one["host"], self._private)]
        if not allowed:
            raise PrivateAddressError(host)
        return allowed

    async def close(self) -> None:
        await self._names.close()
