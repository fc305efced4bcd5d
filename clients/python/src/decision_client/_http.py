"""What the middlewares for WSGI and ASGI share: what a request asks for, what its client is told, what the application is told."""

import ipaddress
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote, unquote

from .errors import DecisionConfigurationError
from .request import AuthorizationRequest
from .verdict import LimitStatus, Verdict

#: Where the verdict of a request is: in its ``environ``, or its ``scope``.
VERDICT = "decision.verdict"

MALFORMED = "INVALID_ARGUMENT"
UNDECIDED = "The request could not be decided"
DEFAULT_KEY_HEADERS = ("X-Api-Key", "Authorization")

Headers = List[Tuple[str, str]]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_UPSTREAM = "x-decision-"
_SIGNATURE = re.compile(r"signature[ \t]", re.IGNORECASE)
_SIGNED = re.compile(r'headers=("[^"]*"?|[^,]*)', re.IGNORECASE)
_UNSAFE = re.compile(r"[^ -~]|%")
_UNSAFE_IN_LIST = re.compile(r"[^!-~]|[%,]")


@dataclass(frozen=True)
class HttpRequest:
    """A request as the middleware sees it, for rules of your own. Only ``path`` is safe to decide by: it is as the client sent it."""

    method: str
    path: str  #: Still percent-encoded, without the query.
    query: str  #: Without ``?``; empty = none.
    host: str  #: With the port, where the client sent one.
    client_ip: str
    headers: Mapping[str, Sequence[str]]  #: By name in lower case.


@dataclass(frozen=True)
class Rule:
    """What to ask about a request. None in its place = the request passes unasked."""

    api_id: Optional[str] = None  #: None = the one of the middleware.
    api_version: str = ""
    cost: int = 0  #: In units; 0 counts 1.


@dataclass(frozen=True)
class FoundKey:
    """The key as presented, and where it was."""

    text: str = ""
    place: str = ""  #: ``header``, ``query`` or ``cookie``; empty = there is none.
    name: str = ""


class Unclear(Exception):
    """It cannot be told which key is meant: what is behind could go by the other one."""


class Settings:
    """Settings of a middleware, checked as a whole."""

    def __init__(
        self,
        api_id: Optional[str],
        organization_id: Optional[str],
        key_headers: Iterable[str],
        key_query_parameter: Optional[str],
        key_cookie: Optional[str],
        remove_credential: bool,
        rule: Optional[Callable[[HttpRequest], Optional[Rule]]],
    ) -> None:
        names = [key_headers] if isinstance(key_headers, str) else list(key_headers)
        problems: List[str] = []
        for name, value in (("api_id", api_id), ("organization_id", organization_id)):
            if value is not None and not _ID.fullmatch(value):
                problems.append(f"{name} is '{value}': write 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, or leave it out.")
        for name in names:
            if not _TOKEN.fullmatch(name):
                problems.append(f"key_headers has '{name}', which no header can be called: write a name such as X-Api-Key.")
        if key_query_parameter == "":
            problems.append("key_query_parameter is empty: write the parameter's name, or leave it out.")
        if key_cookie is not None and not _TOKEN.fullmatch(key_cookie):
            problems.append(f"key_cookie is '{key_cookie}', which no cookie can be called: write its name, or leave it out.")
        if not names and key_query_parameter is None and key_cookie is None:
            problems.append("Nothing says where keys are: write key_headers, key_query_parameter or key_cookie.")
        if problems:
            raise DecisionConfigurationError(problems)
        self.api_id = api_id
        self.organization_id = organization_id or ""
        self.key_headers = tuple(names)
        self.key_query_parameter = key_query_parameter
        self.key_cookie = key_cookie
        self.remove_credential = remove_credential
        self.rule = rule

    def rule_of(self, request: HttpRequest) -> Optional[Rule]:
        return Rule() if self.rule is None else self.rule(request)

    def find_key(self, request: HttpRequest, is_joined: bool = False) -> FoundKey:
        """From a header, else from the query, else from a cookie. Raises ``Unclear`` where one place has two.

        :param is_joined: Whether the server joins a header that came several times with commas.
        """
        for name in self.key_headers:
            values = request.headers.get(name.lower(), ())
            # No key has a comma but a signature.
            if is_joined and len(values) == 1 and not _SIGNATURE.match(values[0]):
                values = values[0].split(",")
            if len(values) > 1:
                raise Unclear(f"{name} was sent {len(values)} times: send the key once.")
            if values and values[0]:
                return FoundKey(values[0], "header", name)
        return self._key_in_query(request) or self._key_in_cookie(request, is_joined) or FoundKey()

    def to_request(self, request: HttpRequest, rule: Rule, key: FoundKey) -> AuthorizationRequest:
        is_signed = _SIGNATURE.match(key.text) is not None
        return AuthorizationRequest(
            api_key=key.text,
            api_id=(self.api_id or "") if rule.api_id is None else rule.api_id,
            api_version=rule.api_version,
            method=request.method,
            # A query may hold keys, and decides nothing but where it was signed.
            path=f"{request.path}?{request.query}" if is_signed and request.query else request.path,
            host=request.host,
            cost=rule.cost,
            client_ip=request.client_ip,
            organization_id=self.organization_id,
            headers=_signed_headers(key.text, request) if is_signed else (),
        )

    def _key_in_query(self, request: HttpRequest) -> Optional[FoundKey]:
        name = self.key_query_parameter
        if name is None or not request.query:
            return None
        values = [_decoded(value) for parameter, value in _parameters(request.query) if _decoded(parameter) == name]
        if len(values) > 1:
            raise Unclear(f"The query parameter {name} was sent {len(values)} times: send the key once.")
        return FoundKey(values[0], "query", name) if values and values[0] else None

    def _key_in_cookie(self, request: HttpRequest, is_joined: bool) -> Optional[FoundKey]:
        name = self.key_cookie
        if name is None:
            return None
        headers = request.headers.get("cookie", ())
        if is_joined:
            # A cookie cannot have a comma (RFC 6265): what stands behind one came in a header of its own.
            headers = [part for header in headers for part in header.split(",")]
        values = [value for cookie in _cookies(headers) for value in _values_of_cookie(cookie, name)]
        if len(values) > 1:
            raise Unclear(f"The cookie {name} was sent {len(values)} times: send the key once.")
        if not values:
            return None
        value = values[0][1:-1] if len(values[0]) >= 2 and values[0].startswith('"') and values[0].endswith('"') else values[0]
        return FoundKey(value, "cookie", name) if value else None


def path_and_query(target: str) -> Tuple[str, str]:
    """Of a target as it stands in the request line, which in the form for proxies begins with scheme and authority."""
    if not target.startswith("/") and "://" in target:
        start = target.index("://") + 3
        ends = [at for at in (target.find("/", start), target.find("?", start)) if at >= 0]
        target = target[min(ends):] if ends else "/"
        target = "/" + target if target.startswith("?") else target
    path, _, query = target.partition("?")
    return path, query


def quoted(path: bytes) -> str:
    """A path that the server has decoded, in the form in which it is sent."""
    return quote(path, safe="/:@!$&'()*+,;=-._~")


def address_of(text: str) -> str:
    """A dual-mode socket tells IPv4 as IPv6, and a link-local address has its interface behind it: keys are bound to neither form."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_ours(name: str) -> bool:
    """Whether a header is one of those that only the middleware may set, also with underscores, which some servers take for the same."""
    return name.lower().replace("_", "-").startswith(_UPSTREAM)


def upstream_headers(verdict: Verdict) -> Headers:
    """What is told about the key to whatever the request goes on to."""
    limits = ", ".join(
        f'"{_name_of(limit)}";limit={limit.limit};remaining={limit.remaining}' + ("" if limit.reset_after is None else f";reset={seconds(limit.reset_after)}")
        for limit in verdict.limits
    )
    headers = [
        ("X-Decision-Key-Id", _escaped(verdict.key_id, _UNSAFE)),
        ("X-Decision-Organization-Id", _escaped(verdict.organization_id, _UNSAFE)),
        ("X-Decision-Alias", _escaped(verdict.alias, _UNSAFE)),
        ("X-Decision-Tags", ",".join(_escaped(tag, _UNSAFE_IN_LIST) for tag in verdict.tags)),
        ("X-Decision-Limits", limits),
    ]
    return [(name, value) for name, value in headers if value]


def client_headers(verdict: Verdict, now: float) -> Headers:
    """What the client is told: every limit that has an end, when to come back, and which decision it was."""
    headers: Headers = []
    told = [limit for limit in verdict.limits if limit.limit >= 0]
    if told:
        headers.append(("RateLimit-Policy", ", ".join(
            f'"{_name_of(limit)}";q={limit.limit}' + ("" if limit.period is None else f";w={seconds(limit.period)}") for limit in told
        )))
        headers.append(("RateLimit", ", ".join(
            f'"{_name_of(limit)}";r={max(0, limit.remaining)}' + ("" if limit.reset_after is None else f";t={seconds(limit.reset_after)}") for limit in told
        )))
        one = _preferred(told)
        headers.append(("X-RateLimit-Limit", str(one.limit)))
        headers.append(("X-RateLimit-Remaining", str(max(0, one.remaining))))
        # Seconds since the Unix epoch, as Tyk's; 0 = it is whole, or never renews.
        headers.append(("X-RateLimit-Reset", str(0 if one.reset_after is None else int(now) + seconds(one.reset_after))))
    if verdict.retry_after is not None and not verdict.allowed:
        headers.append(("Retry-After", str(seconds(verdict.retry_after))))
    if verdict.http_status == 401:
        # RFC 9110, 15.5.2: a 401 says how to come with a key.
        headers.append(("WWW-Authenticate", "Bearer"))
    if verdict.decision_id:
        headers.append(("X-Decision-Id", verdict.decision_id))
    headers.append(("X-Decision-Reason", verdict.reason.name))
    return headers


def replaces(ours: Headers) -> Callable[[str], bool]:
    """Whether a header of the application's answer gives way to ours."""
    names = {name.lower() for name, _ in ours} | {"x-decision-id"}
    return lambda name: name.lower() in names


def denial(message: str, headers: Headers) -> Tuple[Headers, bytes]:
    """Headers and body of a refusal, as Tyk's users know it. It is this key's answer, and only now: nobody may keep it."""
    body = json.dumps({"error": message}).encode()
    return [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), *headers], body


def without_parameter(query: str, name: str) -> str:
    """Takes a parameter out; what else is there stays as it was written."""
    return "&".join(pair for pair in query.split("&") if _decoded(pair.partition("=")[0]) != name)


def without_cookie(headers: Sequence[str], name: str) -> str:
    """Takes a cookie out; the others stay. Empty = none is left."""
    return "; ".join(cookie for cookie in _cookies(headers) if not _values_of_cookie(cookie, name))


def seconds(duration: float) -> int:
    """Whole seconds, rounded up, so that who waits as long does not come too early; what floating point adds is no second."""
    return math.ceil(round(duration, 9))


def verdict_of(carrier: Mapping[str, Any]) -> Optional[Verdict]:
    """The verdict of a request, by its ``environ`` or ``scope``; None = nothing was asked about it."""
    return carrier.get(VERDICT)


def _preferred(limits: Sequence[LimitStatus]) -> LimitStatus:
    # X-RateLimit-* have room for one limit: the first that refuses; else the quota, as with Tyk; else the last one that there is.
    told = limits[0]
    for limit in limits[1:]:
        if not told.denied and (limit.denied or limit.name == "quota" or told.name != "quota"):
            told = limit
    return told


def _name_of(limit: LimitStatus) -> str:
    # Unlike scopes, these tell a client nothing about policies.
    if limit.scope == "organization":
        return "organization-" + limit.name
    return "api-rate" if limit.scope.startswith("api_wide:") else limit.name


def _escaped(text: str, unsafe: "re.Pattern[str]") -> str:
    return unsafe.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def _signed_headers(signature: str, request: HttpRequest) -> Headers:
    # The service reads the signature itself, and refuses what is malformed; one header more or less than named only makes it refuse.
    found = _SIGNED.search(signature)
    names = found[1].strip('"').split() if found else ["date"]
    # A date that browsers, which may not set Date, sign in its place.
    unique: Dict[str, None] = dict.fromkeys(name.lower() for name in [*names, "x-aux-date"])
    return [(name, value) for name in unique for value in request.headers.get(name, ())]


def _parameters(query: str) -> Iterable[Tuple[str, str]]:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        yield name, value


def _decoded(text: str) -> str:
    return unquote(text.replace("+", " "))


def _cookies(headers: Sequence[str]) -> List[str]:
    return [cookie.strip() for header in headers for cookie in header.split(";") if cookie.strip()]


def _values_of_cookie(cookie: str, name: str) -> List[str]:
    own, equals, value = cookie.partition("=")
    return [value.strip()] if equals and own.strip() == name else []
