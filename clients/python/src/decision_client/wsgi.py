"""Middleware for WSGI: Flask, Django, or anything else that is called with an ``environ``."""

import logging
import time
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from . import _http
from ._http import VERDICT, FoundKey, Headers, HttpRequest, Rule, verdict_of
from .client import DecisionClient
from .errors import DecisionCredentialError, DecisionRequestError
from .verdict import Verdict

__all__ = ["DecisionMiddleware", "HttpRequest", "Rule", "VERDICT", "verdict_of"]

_log = logging.getLogger("decision_client")

_STATUSES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error",
             503: "Service Unavailable"}

# As servers name the target as it stands in the request line: uWSGI, mod_wsgi, waitress and Werkzeug; Gunicorn and Werkzeug.
_TARGETS = ("REQUEST_URI", "RAW_URI")


class DecisionMiddleware:
    """Asks about each request before the application runs, and answers in its place where it is refused.

    The verdict is in ``environ["decision.verdict"]``. Headers that the client sent under ``X-Decision-`` names are removed; the application gets
    ``HTTP_X_DECISION_KEY_ID``, ``_ORGANIZATION_ID``, ``_ALIAS``, ``_TAGS`` and ``_LIMITS`` of the middleware's.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        client: Optional[DecisionClient] = None,
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
        :param client: Default: one by what the environment says.
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
        self._client = DecisionClient.from_environment() if client is None else client
        self._now = now

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Two middlewares around each other ask once.
        if VERDICT in environ:
            return self._app(environ, start_response)
        for name in [name for name in environ if name.startswith("HTTP_") and _http.is_ours(name[len("HTTP_"):])]:
            del environ[name]
        request = to_http_request(environ)
        rule = self._settings.rule_of(request)
        if rule is None:
            return self._app(environ, start_response)
        try:
            key = self._settings.find_key(request, is_joined=True)
            verdict = self._client.authorize(self._settings.to_request(request, rule, key))
        except (_http.Unclear, DecisionRequestError) as error:
            _log.debug("A request could not be read and was refused: %s", error)
            return _refuse(environ, start_response, 400, str(error), [("X-Decision-Reason", _http.MALFORMED)])
        except DecisionCredentialError as error:
            _log.error("The Decision service does not let this program ask; every request is refused: %s", error)
            return _refuse(environ, start_response, 500, _http.UNDECIDED, [])
        if not verdict.allowed:
            return _refuse(environ, start_response, verdict.http_status, verdict.message, _http.client_headers(verdict, self._now()))
        return self._pass(environ, start_response, verdict, key)

    def _pass(self, environ: Dict[str, Any], start_response: Callable[..., Any], verdict: Verdict, key: FoundKey) -> Iterable[bytes]:
        environ[VERDICT] = verdict
        for name, value in _http.upstream_headers(verdict):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        if self._settings.remove_credential:
            _remove(environ, key)

        def start(status: str, headers: List[Tuple[str, str]], *exc_info: Any) -> Any:
            ours = _http.client_headers(verdict, self._now())
            gives_way = _http.replaces(ours)
            return start_response(status, [(name, value) for name, value in headers if not gives_way(name)] + ours, *exc_info)

        return self._app(environ, start)


def to_http_request(environ: Mapping[str, Any]) -> HttpRequest:
    path, query = _http.path_and_query(_target(environ))
    return HttpRequest(
        method=environ.get("REQUEST_METHOD", ""),
        path=path,
        query=query,
        host=_host(environ),
        client_ip=_http.address_of(environ.get("REMOTE_ADDR") or ""),
        headers={name[len("HTTP_"):].lower().replace("_", "-"): [value] for name, value in environ.items() if name.startswith("HTTP_")},
    )


def _target(environ: Mapping[str, Any]) -> str:
    for name in _TARGETS:
        if environ.get(name):
            return str(environ[name])
    # A server that does not tell it: what was %2F is / here, for the application as well.
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
    query = environ.get("QUERY_STRING", "")
    return _http.quoted(path) + (f"?{query}" if query else "")


def _host(environ: Mapping[str, Any]) -> str:
    if environ.get("HTTP_HOST"):
        return str(environ["HTTP_HOST"])
    name, port = environ.get("SERVER_NAME", ""), environ.get("SERVER_PORT", "")
    return f"{name}:{port}" if port else str(name)


def _remove(environ: Dict[str, Any], key: FoundKey) -> None:
    if key.place == "header":
        environ.pop("HTTP_" + key.name.upper().replace("-", "_"), None)
    elif key.place == "query":
        environ["QUERY_STRING"] = _http.without_parameter(environ.get("QUERY_STRING", ""), key.name)
        for name in _TARGETS:
            if environ.get(name):
                before, _, query = environ[name].partition("?")
                kept = _http.without_parameter(query, key.name)
                environ[name] = f"{before}?{kept}" if kept else before
    elif key.place == "cookie":
        kept = _http.without_cookie([environ.get("HTTP_COOKIE", "")], key.name)
        if kept:
            environ["HTTP_COOKIE"] = kept
        else:
            environ.pop("HTTP_COOKIE", None)


def _refuse(environ: Mapping[str, Any], start_response: Callable[..., Any], status: int, message: str, headers: Headers) -> Iterable[bytes]:
    all_headers, body = _http.denial(message, headers)
    start_response(f"{status} {_STATUSES.get(status, 'Refused')}", all_headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
