"""The sockets at which a server listens: one for each of its processes, all at one address.

Among sockets with SO_REUSEPORT the system divides new connections. A single socket that several
processes share leaves some of them idle: the first takes all connections that wait.
"""

import os
import socket
import sys
from ipaddress import ip_address

# Connections that may wait to be accepted.
BACKLOG = 512
CAN_SHARE = hasattr(os, "fork") and hasattr(socket, "SO_REUSEPORT")


def listen_at(host: str, port: int, count: int) -> list[socket.socket]:
    """Return ``count`` listening sockets; port 0 stands for any free one.

    Raises OSError for an unknown host, or an address where another program listens.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    first = open_socket(family)
    if sys.platform != "win32":  # where it would allow two programs at one port
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    first.bind(address)
    listeners = [first]
    if count > 1:
        # Only now is it known that the address is free: sockets that share one do not ask.
        address = first.getsockname()
        first.close()
        listeners = [share_address(family, address) for _ in range(count)]
    for listener in listeners:
        listener.listen(BACKLOG)
    return listeners


def open_socket(family: int) -> socket.socket:
    """Return a socket of TCP.

    Only where the protocol is named does asyncio send small pieces at once; else a response, which
    is a head and a body, takes 40 ms more.
    """
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)


def share_address(family: int, address: tuple[object, ...]) -> socket.socket:
    """Return a socket bound to an address at which others of this user may listen, too."""
    shared = open_socket(family)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    shared.bind(address)
    return shared


def is_loopback(listener: socket.socket) -> bool:
    """Return whether only this machine can connect to a socket."""
    return ip_address(listener.getsockname()[0]).is_loopback


def address_url(listener: socket.socket) -> str:
    """Return the web address of a socket, as a browser on this machine takes it."""
    host, port = listener.getsockname()[:2]
    address = ip_address(host)
    if address.is_unspecified:
        host = "::1" if address.version == 6 else "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
