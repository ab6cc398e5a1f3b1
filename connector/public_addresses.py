"""No calls into private networks: every connection goes to an address that was checked, whatever DNS says later.

The name is resolved once, all its addresses are checked, and the connection is made to one of the checked addresses
(not to the name again), so that a name which changes its answer between check and connection changes nothing. TLS
still verifies the name.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from connector.errors import Rejected, Unavailable
from mapping.sentences import sentence

_NAT64 = IPv6Network("64:ff9b::/96")
# Inside although Python's list, which differs between its versions, may call them global: two clouds' own services for
# their machines, the withdrawn 6to4 anycast, local NAT64, segment routing, and the newer block for documents.
_INSIDE = tuple(
    map(
        ip_network,
        ("168.63.129.16", "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "5f00::/16", "3fff::/20"),
    )
)


class AddressRefused(Rejected):
    """The address may not be called: private, or not the connection's own. Nothing was sent; ``status`` is 0."""

    def __init__(self, message: str) -> None:
        super().__init__(message, 0)


def is_public(address: str) -> bool:
    """Whether an IP address, as getaddrinfo writes it, lies in the public internet; also what is wrapped in IPv6."""
    ip = ip_address(address.partition("%")[0])
    if not isinstance(ip, IPv6Address):
        return _is_global(ip)
    if ip in _NAT64:
        return _is_global(IPv4Address(int(ip) & 0xFFFFFFFF))
    if ip.ipv4_mapped:
        return _is_global(ip.ipv4_mapped)
    if ip.is_site_local:  # withdrawn by RFC 3879, still routed in some companies; Python counts it as global
        return False
    inner = ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    return _is_global(ip) and (inner is None or _is_global(inner))


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses of ``host``. AddressRefused if even one is private; Unavailable if the name has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(
            sentence("The name {host} is not in DNS. Check the address, and this machine's DNS."), host=host
        ) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not all(is_public(address) for address in addresses):
        raise _private(host)
    return addresses


def refuse_private_literal(host: str) -> None:
    """AddressRefused for a private IP address in any spelling (``127.1``, ``0x7f000001``) and for ``localhost``.

    Names are checked when the connection is made; this is for where a proxy makes it."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise _private(host)
    literal = _literal(name)
    if literal is not None and not is_public(literal):
        raise _private(host)


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(socket.inet_ntoa(socket.inet_aton(host))))
    except OSError:
        pass
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def _private(host: str) -> AddressRefused:
    return AddressRefused(
        f"{host} is an address inside a private network, which is not called. "
        "If it is your own site, set OKR_ALLOW_PRIVATE_SITES=true."
    )


class PublicOnlyAdapter(HTTPAdapter):
    """Connects to public addresses only. A proxy from the environment is the operator's own choice and is not checked:
    behind one, the proxy decides what can be reached."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}


class _PublicConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _PublicTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicTlsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicTlsConnection


def _connect(connection: HTTPConnection) -> socket.socket:
    problem: OSError | None = None
    for address in checked_addresses(connection.host, connection.port):
        try:
            return create_connection(
                (address, connection.port), connection.timeout, socket_options=connection.socket_options
            )
        except OSError as error:
            problem = error
    if isinstance(problem, TimeoutError):
        raise ConnectTimeoutError(connection, "timed out") from problem
    raise NewConnectionError(connection, str(problem)) from problem


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    is_inside = any(ip in network for network in _INSIDE)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not is_inside
