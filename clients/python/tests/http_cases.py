"""Runs the cases of clients/conformance/cases/http: middleware in front of a small application."""

import http.client
import json
import time
import unittest
from typing import Any, Dict, List, Optional, Type

from google.protobuf import json_format

from decision_client.wsgi import HttpRequest, Rule

from . import cases, support

_BESIDE = {"status", "headers", "headers_once", "body", "body_text", "lacks", "app", "received_has", "asked"}
_OPTIONS = {"api_id", "organization_id", "key_headers", "key_query_parameter", "key_cookie", "remove_credential", "rules"}


class HttpRun(cases.Run):
    """One case, with one sort of server."""

    beside = cases.Run.beside | _BESIDE
    host: Any

    def __init__(self, test: unittest.TestCase, case: Dict[str, Any], is_real: bool, clients: Type[Any]) -> None:
        super().__init__(test, case, is_real, clients)
        options = dict(case["middleware"])
        test.assertFalse(set(options) - _OPTIONS)
        rules = {rule["path"]: rule for rule in options.pop("rules", ())}

        def rule_of(request: HttpRequest) -> Optional[Rule]:
            found = rules.get(request.path, {})
            if found.get("skip"):
                return None
            return Rule(api_id=found.get("api_id"), api_version=found.get("api_version", ""), cost=found.get("cost", 0))

        self._host = self.host(self._clients.client, **options, **({"rule": rule_of} if rules else {}))
        test.addCleanup(self._host.close)

    def _http(self, step: Dict[str, Any]) -> None:
        test, called = self._test, len(self._host.called)
        response, body = self._ask(step["http"])
        lines: List[Any] = response.getheaders()
        # A platform may refuse what it does not take, before the middleware sees it.
        test.assertEqual(step["status"], response.status, body)
        for name, wanted in step.get("headers", {}).items():
            actual = response.getheader(name)
            if isinstance(wanted, dict):
                self._within(name, wanted["in_seconds"], int(actual or 0) - time.time())
            else:
                test.assertEqual(wanted, actual and actual.partition(";")[0] if name == "Content-Type" else actual, name)
        for name in step.get("headers_once", ()):
            test.assertEqual(1, [each.lower() for each, _ in lines].count(name.lower()), name)
        if "body" in step:
            test.assertEqual(step["body"], json.loads(body))
        if "body_text" in step:
            test.assertEqual(step["body_text"], body.decode())
        for text in step.get("lacks", ()):
            test.assertNotIn(text, body.decode() + repr(lines))
        if "app" in step:
            self._saw(step["app"], self._host.called[called:])
        if "received_has" in step:
            got = json_format.MessageToDict(self._services[0].asked[-1], preserving_proto_field_name=True, including_default_value_fields=True)
            self._part_of(step["received_has"], got, "received")

    def _saw(self, expected: Optional[Dict[str, Any]], called: List[Dict[str, Any]]) -> None:
        self._test.assertEqual(0 if expected is None else 1, len(called))
        if expected is None:
            return
        self._test.assertFalse(set(expected) - {"headers", "target", "verdict", "lacks"})
        for name, wanted in expected.get("headers", {}).items():
            self._test.assertEqual(wanted, called[0]["headers"].get(name.lower()), name)
        if "target" in expected:
            self._test.assertEqual(expected["target"], called[0]["target"])
        if "verdict" in expected:
            if expected["verdict"] is None:
                self._test.assertIsNone(called[0]["verdict"])
            else:
                self._verdict(expected["verdict"], called[0]["verdict"])
        for text in expected.get("lacks", ()):
            self._test.assertNotIn(text, json.dumps([called[0]["headers"], called[0]["target"]]))

    def _ask(self, request: Dict[str, Any]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._host.port, timeout=support.PATIENCE)
        try:
            has_host = any(name.lower() == "host" for name, _ in request["headers"])
            connection.putrequest(request["method"], request["target"], skip_host=has_host, skip_accept_encoding=True)
            for name, value in request["headers"]:
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()
