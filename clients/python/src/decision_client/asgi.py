"""Middleware for ASGI: Starlette, FastAPI, Django, or anything else that is called with a ``scope``."""

import logging
import time
from typing import Any, Awaitable, Callable, Dict, Iterable, List, MutableMapping, Optional, Tuple

from . import _http
from ._http import VERDICT, FoundKey, Headers, HttpRequest, Rule, verdict_of
from .aio import AsyncDecisionClient
from .errors import DecisionCredentialError, DecisionRequestError
from .verdict import Verdict

__all__ = ["DecisionMiddleware", "HttpRequest", "Rule", "VERDICT", "verdict_of"]

_log = logging.getLogger("decision_client")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
RawHeaders = List[Tuple[bytes, bytes]]

_POLICY_VIOLATION = 1008


class DecisionMiddleware:
    """Asks about each request and each opening of a WebSocket before the application runs, and answers in its place where it is refused.

    The verdict is in ``scope["decision.verdict"]``, and for Starlette and FastAPI in ``request.state.decision``. Headers that the client sent
    under ``X-Decision-`` names are removed; the application gets ``X-Decision-Key-Id``, ``-Organization-Id``, ``-Alias``, ``-Tags`` and
    ``-Limits`` of the middleware's.
    """

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        client: Optional[AsyncDecisionClient] = None,
        *,
        api_id: Optional[str] = None,
        organization_id: Optional[str] = None,
        key_headers: Iterable[str] = _http.DEFAULT_KEY_HEADERS,
        key_query_parameter: Optional[str] = None,
        key_cookie: Optional[str] = None,
        remove_credential: bool = False,
        rule: Optional[Callable[[HttpRequest], Optional[Rule]]] = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Wraps an application.

        :param app: The application.
        :param client: Default: one by what the environment says. It is connected when the server starts.
        :param api_id: The API that requests are for. Default: the service finds it by host and path.
        :param organization_id: The organisation that every key must belong to. Default: any.
        :param key_headers: The headers that may hold the key; the first that is there counts. Default: ``X-Api-Key``, then ``Authorization``.
        :param key_query_parameter: The query parameter, where no header has it. Default: none.
        :param key_cookie: The cookie, where neither has it. Default: none.
        :param remove_credential: True = the key is taken out of the request before it goes on.
        :param rule: Says for a request which API, version and cost it has (a ``Rule``), or that it passes unasked (None). Default: all are asked about.
        :param now: Unix time, for ``X-RateLimit-Reset``.
        """
        self._app = app
        self._settings = _http.Settings(api_id, organization_id, key_headers, key_query_parameter, key_cookie, remove_credential, rule)
        self._client = AsyncDecisionClient.from_environment() if client is None else client
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            # So that the first decision does not have to within its deadline.
            await self._client.connect()
        # Two middlewares around each other ask once.
        if scope["type"] not in ("http", "websocket") or VERDICT in scope:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if not _http.is_ours(name.decode("latin-1"))]}
        request = to_http_request(scope)
        rule = self._settings.rule_of(request)
        if rule is None:
            await self._app(scope, receive, send)
            return
        try:
            key = self._settings.find_key(request)
            verdict = await self._client.authorize(self._settings.to_request(request, rule, key))
        except (_http.Unclear, DecisionRequestError) as error:
            _log.debug("A request could not be read and was refused: %s", error)
            await _refuse(scope, receive, send, 400, str(error), [("X-Decision-Reason", _http.MALFORMED)])
            return
        except DecisionCredentialError as error:
            _log.error("The Decision service does not let this program ask; every request is refused: %s", error)
            await _refuse(scope, receive, send, 500, _http.UNDECIDED, [])
            return
        if not verdict.allowed:
            await _refuse(scope, receive, send, verdict.http_status, verdict.message, _http.client_headers(verdict, self._now()))
            return
        await self._pass(scope, receive, send, verdict, key)

    async def _pass(self, scope: Dict[str, Any], receive: Receive, send: Send, verdict: Verdict, key: FoundKey) -> None:
        scope[VERDICT] = verdict
        scope["state"] = {**scope.get("state", {}), "decision": verdict}
        if self._settings.remove_credential:
            _remove(scope, key)
        scope["headers"] += _raw(_http.upstream_headers(verdict))

        async def pass_on(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                ours = _http.client_headers(verdict, self._now())
                gives_way = _http.replaces(ours)
                theirs = [(name, value) for name, value in message.get("headers", ()) if not gives_way(bytes(name).decode("latin-1"))]
                message = {**message, "headers": theirs + _raw(ours)}
            await send(message)

        await self._app(scope, receive, pass_on)


def to_http_request(scope: Scope) -> HttpRequest:
    headers: Dict[str, List[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    # What a server decodes or tidies up could be read differently by the next one: so the path as it was sent, where the server tells it.
    raw = scope.get("raw_path")
    target = raw.decode("latin-1") if raw else _http.quoted(scope["path"].encode("utf-8", "surrogateescape"))
    client = scope.get("client")
    hosts = headers.get("host", [])
    return HttpRequest(
        method=scope.get("method", "GET"),
        path=_http.path_and_query(target)[0],
        query=scope.get("query_string", b"").decode("latin-1"),
        host=hosts[0] if hosts else "",
        client_ip=_http.address_of(client[0]) if client else "",
        headers=headers,
    )


def _remove(scope: Dict[str, Any], key: FoundKey) -> None:
    name = key.name.lower().encode("latin-1")
    if key.place == "header":
        scope["headers"] = [(each, value) for each, value in scope["headers"] if each.lower() != name]
    elif key.place == "query":
        scope["query_string"] = _http.without_parameter(scope["query_string"].decode("latin-1"), key.name).encode("latin-1")
    elif key.place == "cookie":
        cookies = [value.decode("latin-1") for each, value in scope["headers"] if each.lower() == b"cookie"]
        kept = _http.without_cookie(cookies, key.name)
        scope["headers"] = [(each, value) for each, value in scope["headers"] if each.lower() != b"cookie"]
        if kept:
            scope["headers"].append((b"cookie", kept.encode("latin-1")))


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, message: str, headers: Headers) -> None:
    all_headers, body = _http.denial(message, headers)
    kind = scope["type"]
    if kind == "websocket":
        await receive()
        if "websocket.http.response" not in (scope.get("extensions") or {}):
            # The server makes a 403 of it.
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": message})
            return
        kind = "websocket.http"
    await send({"type": f"{kind}.response.start", "status": status, "headers": _raw(all_headers)})
    await send({"type": f"{kind}.response.body", "body": b"" if scope.get("method") == "HEAD" else body})


def _raw(headers: Headers) -> RawHeaders:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
