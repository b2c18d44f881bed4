"""Free ports of the loopback address."""

import secrets
import socket

PORTS = range(20_000, 30_000)  # below what systems hand out to outgoing connections


def free_port(among: range = PORTS) -> int:
    """A port nobody listens on at the moment."""
    while not is_free(port := secrets.choice(among)):
        continue
    return port


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
