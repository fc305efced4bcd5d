"""The question."""

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple


@dataclass(frozen=True)
class AuthorizationRequest:
    """One request as a proxy or an application received it. Its ``repr`` shows no key and no query."""

    api_key: str = ""  #: The key as it was presented; a leading ``Bearer `` is allowed. Empty = none was.
    api_id: str = ""  #: 1 to 128 characters of ``A-Z a-z 0-9 . _ ~ -``. Empty = the service finds the API by ``host`` and ``path``.
    method: str = ""  #: The HTTP method, in any case. Required.
    path: str = ""  #: As the client sent it, still percent-encoded; a query decides nothing, but where it is signed. Empty = ``/``.
    api_version: str = ""  #: Empty = the API's default version.
    host: str = ""  #: The host that the client asked for, with or without a port. Required where ``api_id`` is empty.
    cost: int = 0  #: What the request counts for on every limit, in units. 0 counts 1.
    client_ip: str = ""  #: IPv4 or IPv6, as far as it can be trusted. Empty = not known; a key bound to addresses is refused then.
    request_id: str = ""  #: Your own name for the request, for logs and traces. Never changes a verdict.
    headers: Sequence[Tuple[str, str]] = ()  #: Name and value of what a signature needs: ``Authorization``, ``Date`` and each signed header.
    query_depth: Optional[int] = None  #: The depth of a GraphQL query, in levels. None = not known; then it is not checked.
    organization_id: str = ""  #: The organisation that the key must belong to. Empty = any.
    peek: bool = False  #: True = decide and tell what is left, but spend nothing. Never answered from memory.
    idempotency_key: str = ""  #: The same value for the same request within 60 s spends once. Never take it from the client's request.

    def __repr__(self) -> str:
        return f"<AuthorizationRequest {self.method} {self.path.partition('?')[0]} of {self.api_id or self.host}>"
