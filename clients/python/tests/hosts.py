"""Real HTTP servers with the middleware in front of a small application, which says what it saw."""

import asyncio
import json
import threading
from socketserver import ThreadingMixIn
from typing import Any, Dict, Iterable, List
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from decision_client import asgi, wsgi

from . import clients

SEEN = [("X-From-App", "yes"), ("X-RateLimit-Limit", "from-the-app")]


class WsgiHost:
    """Python's own server."""

    clients = clients.Threads

    def __init__(self, client: Any, **settings: Any) -> None:
        self.called: List[Dict[str, Any]] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.set_app(wsgi.DecisionMiddleware(self._app, client, **settings))
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _app(self, environ: Dict[str, Any], start_response: Any) -> Iterable[bytes]:
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
        query = environ["QUERY_STRING"]
        target = environ["REQUEST_URI"]
        # The application may read the query here or there: both are of the same mind.
        assert target.partition("?")[2] == query, (target, query)
        self.called.append({"headers": headers, "target": target, "verdict": wsgi.verdict_of(environ)})
        start_response("200 OK", [("Content-Type", "text/plain"), *SEEN])
        return [b"passed"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> Dict[str, Any]:
        # As servers for production do.
        return {**super().get_environ(), "REQUEST_URI": self.path}

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing to say."""


class Uvicorn:
    """A server for ASGI, in a thread with a loop of its own."""

    def __init__(self, app: Any, lifespan: Any = "off") -> None:
        import uvicorn

        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan=lifespan, http="h11"))
        setattr(self._server, "install_signal_handlers", lambda: None)
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        self._started.wait()
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    async def _serve(self) -> None:
        main = asyncio.ensure_future(self._server.serve())
        while not self._server.started and not main.done():
            await asyncio.sleep(0.005)
        self._started.set()
        await main


class AsgiHost(Uvicorn):
    """Uvicorn, with the small application."""

    clients = clients.Asyncio

    def __init__(self, client: Any, **settings: Any) -> None:
        self.called: List[Dict[str, Any]] = []
        super().__init__(asgi.DecisionMiddleware(self._app, client, **settings))

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        self.called.append({"headers": headers, "target": target, "verdict": asgi.verdict_of(scope)})
        raw = [(b"content-type", b"text/plain"), *((name.encode(), value.encode()) for name, value in SEEN)]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": json.dumps("passed").encode()})
