"""Where the service is."""

import ipaddress
from typing import Iterable, List, NamedTuple, Optional, Tuple, Union
from urllib.parse import urlsplit

FORMS = "write host:port, http://host:port, https://host:port or unix:/path/of/the.sock; several separated by commas"
MAXIMUM = 32

_DEFAULT_PORTS = {"http": 80, "https": 443}

# Longer names of sockets do not fit into the kernel's structure.
_LONGEST_SOCKET_PATH = 107


class Address(NamedTuple):
    """One address."""

    target: str  #: As gRPC takes it.
    host: str
    tls: bool
    text: str  #: For people.

    @property
    def is_cleartext(self) -> bool:
        """Whether keys cross a network in clear."""
        return not self.tls and not self.target.startswith("unix:") and not _is_loopback(self.host)


def parse(texts: Union[str, Iterable[str]]) -> Tuple[List[Address], List[str]]:
    """The addresses of a setting, and what is wrong with them."""
    parts = [part.strip() for text in ([texts] if isinstance(texts, str) else texts) for part in text.split(",") if part.strip()]
    addresses: List[Address] = []
    problems: List[str] = []
    for part in parts:
        address = _one(part)
        if address is None:
            problems.append(f"address has '{_shown(part)}': {FORMS}.")
        elif address in addresses:
            problems.append(f"address has '{part}' twice: write each address once.")
        else:
            addresses.append(address)
    if not parts:
        problems.append(f"address is empty: {FORMS}.")
    elif len(parts) > MAXIMUM:
        problems.append(f"address has {len(parts)} addresses: write {MAXIMUM} at most.")
    return addresses, problems


def _one(text: str) -> Optional[Address]:
    if text.lower().startswith("unix:"):
        path = text[len("unix:"):]
        path = path[2:] if path.startswith("///") else path
        is_sound = path.startswith("/") and not path.startswith("//") and 1 < len(path.encode()) <= _LONGEST_SOCKET_PATH
        return Address("unix:" + path, "", False, "unix:" + path) if is_sound else None
    has_scheme = "://" in text
    try:
        url = urlsplit(text if has_scheme else "http://" + text)
        port = url.port
    except ValueError:
        return None
    if not has_scheme and port is None:
        return None
    if url.scheme not in _DEFAULT_PORTS or not url.hostname or url.username is not None or url.path not in ("", "/") or url.query or url.fragment:
        return None
    if any(character <= " " for character in url.hostname):
        return None
    port = _DEFAULT_PORTS[url.scheme] if port is None else port
    if port == 0:
        return None
    name = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return Address(f"{name}:{port}", url.hostname, url.scheme == "https", f"{url.scheme}://{name}:{port}")


def _shown(text: str) -> str:
    # Somebody may have written a password into it.
    return text.rpartition("@")[2]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
