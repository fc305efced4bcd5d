"""What the shared cases do not say about the middlewares: frameworks, WebSockets, servers that tell less."""

import asyncio
import importlib.util
import json
import logging
import unittest
from typing import Any, Callable, Dict, List, Optional, Tuple
from wsgiref.util import setup_testing_defaults

from decision_client import AsyncDecisionClient, DecisionClient, DecisionConfigurationError, Verdict, asgi, wsgi

from . import support
from .fakes import ALLOWED, FakeService

DENIED = {"response": {"reason": "REASON_RATE_LIMITED", "http_status": 429, "message": "Rate Limit Exceeded", "retry_after": "5s"}}


class Wsgi(unittest.TestCase):
    def ask(self, answer: Any = None, settings: Optional[Dict[str, Any]] = None, app: Optional[Callable[..., Any]] = None, **environ: Any) -> Any:
        self.service = FakeService([answer] if answer else ())
        self.addCleanup(self.service.stop)
        client = DecisionClient(self.service.address, deadline=support.PATIENCE)
        self.addCleanup(client.close)
        seen: Dict[str, Any] = {}

        def inner(environ: Dict[str, Any], start: Any) -> List[bytes]:
            seen.update(environ)
            start("200 OK", [])
            return [b"passed"]

        started: List[Any] = []
        setup_testing_defaults(environ)
        body = b"".join(wsgi.DecisionMiddleware(app or inner, client, **(settings or {"api_id": "orders"}))(environ, lambda *arguments: started.append(arguments)))
        return started[0][0], dict(started[0][1]), body, seen

    def test_a_server_that_tells_no_target_has_its_path_put_back(self) -> None:
        self.ask(SCRIPT_NAME="/shop", PATH_INFO="/orders/a b\xc3\xab;v=1", QUERY_STRING="x=1")
        self.assertEqual("/shop/orders/a%20b%C3%AB;v=1", self.service.asked[0].path)

    def test_gunicorn_s_name_for_the_target_is_known(self) -> None:
        self.ask(RAW_URI="/orders/%2e%2e?x", PATH_INFO="/orders/..")
        self.assertEqual("/orders/%2e%2e", self.service.asked[0].path)

    def test_the_client_s_address_is_told_in_the_form_that_keys_are_bound_to(self) -> None:
        for told, wanted in (("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1"), ("2001:DB8::1", "2001:db8::1"), ("", ""), ("unix", "")):
            self.ask(REMOTE_ADDR=told)
            self.assertEqual(wanted, self.service.asked[0].client_ip)

    def test_two_around_each_other_ask_once(self) -> None:
        client = DecisionClient("127.0.0.1:1")
        self.addCleanup(client.close)

        def inner(environ: Dict[str, Any], start: Any) -> List[bytes]:
            start("200 OK", [])
            return []

        status, _, _, _ = self.ask(app=wsgi.DecisionMiddleware(inner, client, api_id="other"))
        self.assertEqual(("200 OK", 1), (status, len(self.service.asked)))

    def test_an_application_that_fails_half_way_is_told_on(self) -> None:
        error = RuntimeError("of the application")

        def failing(environ: Dict[str, Any], start: Any) -> List[bytes]:
            start("500 Internal Server Error", [("X-Decision-Id", "forged")], (type(error), error, None))
            return []

        status, headers, _, _ = self.ask({"response": {**ALLOWED}}, app=failing)
        self.assertEqual(("500 Internal Server Error", "d-0"), (status, headers["X-Decision-Id"]))

    def test_a_client_that_may_not_ask_is_told_in_the_log(self) -> None:
        with self.assertLogs("decision_client", logging.ERROR) as logs:
            status, headers, body, seen = self.ask({"status": {"code": "UNAUTHENTICATED", "message": "no token"}})
        self.assertEqual(("500 Internal Server Error", {}), (status, seen))
        self.assertNotIn(b"token", body)
        self.assertIn("no token", logs.output[0])

    def test_settings_that_are_wrong(self) -> None:
        for module, client in ((wsgi, DecisionClient("127.0.0.1:1")), (asgi, AsyncDecisionClient("127.0.0.1:1"))):
            with self.assertRaises(DecisionConfigurationError) as raised:
                module.DecisionMiddleware(None, client, api_id="a b", organization_id="", key_headers="X Key", key_query_parameter="", key_cookie="a;b")  # type: ignore
            self.assertEqual(5, len(raised.exception.problems))
            with self.assertRaisesRegex(DecisionConfigurationError, "Nothing says"):
                module.DecisionMiddleware(None, client, key_headers=())  # type: ignore

    @unittest.skipUnless(importlib.util.find_spec("flask"), "Flask is not installed (Debian: python3-flask)")
    def test_flask(self) -> None:
        import flask

        app = flask.Flask("test")

        @app.get("/orders/<id>")
        def order(id: str) -> str:
            verdict = wsgi.verdict_of(flask.request.environ)
            assert verdict is not None
            return f"order {id} for {verdict.key_id} {flask.request.headers['X-Decision-Key-Id']}"

        for answer, status, body in ((None, 200, "order 1 for k-0 k-0"), (DENIED, 429, '{"error": "Rate Limit Exceeded"}')):
            service = FakeService([answer] if answer else ())
            self.addCleanup(service.stop)
            client = DecisionClient(service.address, deadline=support.PATIENCE)
            self.addCleanup(client.close)
            wrapped = flask.Flask("test")
            wrapped.add_url_rule("/orders/<id>", view_func=order)
            wrapped.wsgi_app = wsgi.DecisionMiddleware(wrapped.wsgi_app, client, api_id="orders")  # type: ignore
            response = wrapped.test_client().get("/orders/1?x=1", headers={"X-Api-Key": "a-key", "X-Decision-Key-Id": "forged"})
            self.assertEqual((status, body), (response.status_code, response.text))
            self.assertEqual(("a-key", "/orders/1"), (service.asked[0].api_key, service.asked[0].path))


class Asgi(unittest.TestCase):
    def ask(self, answer: Any, kind: str = "http", **more: Any) -> Tuple[List[Any], List[Any]]:
        service = self.service = FakeService([answer] if answer else ())
        self.addCleanup(service.stop)
        seen: List[Any] = []
        sent: List[Any] = []

        async def inner(scope: Any, receive: Any, send: Any) -> None:
            seen.append(scope)
            await send({"type": "websocket.accept"} if kind == "websocket" else {"type": "http.response.start", "status": 200})

        async def receive() -> Any:
            return {"type": f"{kind}.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        async def run() -> None:
            async with AsyncDecisionClient(service.address, deadline=support.PATIENCE) as client:
                scope = {"type": kind, "path": "/orders/1", "query_string": b"", "headers": [(b"x-api-key", b"a-key")], "client": ("192.0.2.1", 1), **more}
                await asgi.DecisionMiddleware(inner, client, api_id="orders")(scope, receive, send)

        asyncio.run(run())
        return seen, sent

    def test_a_websocket_that_is_allowed_opens_with_our_headers(self) -> None:
        seen, sent = self.ask(None, "websocket")
        self.assertEqual("k-0", seen[0]["decision.verdict"].key_id)
        self.assertIn((b"x-decision-id", b"d-0"), sent[0]["headers"])
        self.assertEqual(("GET", "/orders/1"), (self.service.asked[0].method, self.service.asked[0].path))

    def test_a_websocket_that_is_refused_is_closed_before_it_opens(self) -> None:
        seen, sent = self.ask(DENIED, "websocket")
        self.assertEqual(([], [("websocket.close", 1008)]), (seen, [(message["type"], message["code"]) for message in sent]))

    def test_a_websocket_is_refused_in_full_where_the_server_can(self) -> None:
        _, sent = self.ask(DENIED, "websocket", extensions={"websocket.http.response": {}})
        self.assertEqual(["websocket.http.response.start", "websocket.http.response.body"], [message["type"] for message in sent])
        self.assertEqual((429, "Rate Limit Exceeded"), (sent[0]["status"], json.loads(sent[1]["body"])["error"]))

    def test_a_server_that_tells_no_raw_path_has_its_path_put_back(self) -> None:
        self.ask(None, path="/a b/ë;v=1")
        self.assertEqual("/a%20b/%C3%AB;v=1", self.service.asked[0].path)

    def test_the_start_of_the_server_connects_and_goes_on_without_a_service(self) -> None:
        for address in (None, f"127.0.0.1:{support.free_port()}"):
            seen, _ = self.ask(None, "lifespan")
            self.assertEqual(([1], []), ([len(seen)], self.service.asked))

    def test_the_scope_of_the_server_stays_as_it_was(self) -> None:
        headers = [(b"x-decision-key-id", b"forged"), (b"x-api-key", b"a-key")]
        seen, _ = self.ask(None, headers=headers, state={"own": 1})
        self.assertEqual(2, len(headers))
        self.assertEqual({"own": 1, "decision": seen[0]["decision.verdict"]}, seen[0]["state"])

    @unittest.skipUnless(importlib.util.find_spec("fastapi"), "FastAPI is not installed (Debian: python3-fastapi)")
    @unittest.skipUnless(importlib.util.find_spec("uvicorn"), "uvicorn is not installed (Debian: python3-uvicorn)")
    def test_fastapi(self) -> None:
        import http.client

        import fastapi

        from . import hosts

        for answer, status, body in ((None, 200, b'"order 1 for k-0"'), (DENIED, 429, b'{"error": "Rate Limit Exceeded"}')):
            service = FakeService([answer] if answer else ())
            self.addCleanup(service.stop)
            app = fastapi.FastAPI()
            client = AsyncDecisionClient(service.address, deadline=support.PATIENCE)
            app.add_middleware(asgi.DecisionMiddleware, client=client, api_id="orders")

            @app.get("/orders/{id}")
            async def order(id: str, request: fastapi.Request) -> str:
                verdict: Verdict = request.state.decision
                return f"order {id} for {verdict.key_id}"

            host = hosts.Uvicorn(app, lifespan="on")
            self.addCleanup(host.close)
            connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=support.PATIENCE)
            self.addCleanup(connection.close)
            connection.request("GET", "/orders/1", headers={"X-Api-Key": "a-key"})
            response = connection.getresponse()
            self.assertEqual((status, body), (response.status, response.read()))


if __name__ == "__main__":
    unittest.main()
