"""Runs the cases of clients/conformance; see the README there. What it does not know, it fails on."""

import json
import re
import time
import unittest
import uuid
from typing import Any, Callable, Dict, List, Optional, Type

from google.protobuf import json_format

from decision_client import AdminError, AuthorizationRequest, DecisionCredentialError, DecisionRequestError, Reason, Verdict
from decision_client._generated.decision.admin.v1 import apis_pb2, keys_pb2, organizations_pb2, policies_pb2
from decision_client._generated.decision.v1 import authorize_pb2 as wire

from . import support
from .fakes import FakeService, Listener, Nobody

_ADMIN: Dict[str, Callable[[Any, Any], Any]] = {
    "KeyService/CreateKey": lambda admin, asked: admin.keys.create(asked.key, asked.api_key),
    "KeyService/GetKey": lambda admin, asked: admin.keys.get(asked.key_id, effective=asked.view == keys_pb2.KEY_VIEW_EFFECTIVE),
    "KeyService/ListKeys": lambda admin, asked: admin.keys.list(tag=asked.tag, policy_id=asked.policy_id, alias=asked.alias),
    "KeyService/UpdateKey": lambda admin, asked: admin.keys.update(asked.key, asked.update_mask.paths or None),
    "KeyService/DeleteKey": lambda admin, asked: admin.keys.delete(asked.key_id, etag=asked.etag),
    "KeyService/RotateKey": lambda admin, asked: admin.keys.rotate(asked.key_id, overlap=asked.overlap.seconds, etag=asked.etag),
    "KeyService/GetUsage": lambda admin, asked: admin.keys.usage(asked.key_id),
    "KeyService/ResetUsage": lambda admin, asked: admin.keys.reset_usage(asked.key_id, name=asked.name, scope=asked.scope),
    "KeyService/AdjustUsage": lambda admin, asked: admin.keys.adjust_usage(asked.key_id, asked.delta, scope=asked.scope, api_id=asked.api_id),
    "PolicyAdminService/CreatePolicy": lambda admin, asked: admin.policies.create(asked.policy),
    "PolicyAdminService/GetPolicy": lambda admin, asked: admin.policies.get(asked.id),
    "PolicyAdminService/ListPolicies": lambda admin, asked: admin.policies.list(),
    "PolicyAdminService/UpdatePolicy": lambda admin, asked: admin.policies.update(asked.policy, asked.update_mask.paths or None),
    "PolicyAdminService/DeletePolicy": lambda admin, asked: admin.policies.delete(asked.id, etag=asked.etag, force=asked.force),
    "PolicyAdminService/ListPolicyRevisions": lambda admin, asked: admin.policies.revisions(asked.id),
    "PolicyAdminService/RollbackPolicy": lambda admin, asked: admin.policies.rollback(asked.id, asked.revision, etag=asked.etag),
    "PolicyAdminService/ValidatePolicy": lambda admin, asked: admin.policies.validate(asked.policy),
    "PolicyAdminService/ReloadPolicies": lambda admin, asked: admin.policies.reload(),
    "ApiAdminService/CreateApi": lambda admin, asked: admin.apis.create(asked.api),
    "ApiAdminService/GetApi": lambda admin, asked: admin.apis.get(asked.api_id),
    "ApiAdminService/ListApis": lambda admin, asked: admin.apis.list(),
    "ApiAdminService/UpdateApi": lambda admin, asked: admin.apis.update(asked.api, asked.update_mask.paths or None),
    "ApiAdminService/DeleteApi": lambda admin, asked: admin.apis.delete(asked.api_id, etag=asked.etag),
    "OrganizationAdminService/CreateOrganization": lambda admin, asked: admin.organizations.create(asked.organization),
    "OrganizationAdminService/GetOrganization": lambda admin, asked: admin.organizations.get(asked.organization_id),
    "OrganizationAdminService/ListOrganizations": lambda admin, asked: admin.organizations.list(),
    "OrganizationAdminService/UpdateOrganization": lambda admin, asked: admin.organizations.update(asked.organization, asked.update_mask.paths or None),
    "OrganizationAdminService/DeleteOrganization": lambda admin, asked: admin.organizations.delete(asked.organization_id, etag=asked.etag),
}
_LISTS = {"ListKeys": "keys", "ListPolicies": "policies", "ListPolicyRevisions": "revisions", "ListApis": "apis", "ListOrganizations": "organizations"}
_MODULES = {"KeyService": keys_pb2, "PolicyAdminService": policies_pb2, "ApiAdminService": apis_pb2, "OrganizationAdminService": organizations_pb2}

_DURATIONS = ("retry_after", "period", "reset_after")
_BESIDE = {
    "expect", "expect_each", "expect_response", "expect_steps", "expect_answering", "error", "as", "times", "parallel", "asked", "asked_in_all", "asked_at_most",
    "received", "received_metadata", "received_deadline_ms", "took_ms", "request", "secret",
}


def add_to(test: Type[unittest.TestCase], folder: str, clients: Type[Any], run: "Optional[Type[Run]]" = None) -> None:
    """Adds a test for each case of a folder, tried with one sort of client."""
    for file in sorted((support.CONFORMANCE / "cases" / folder).glob("*.json")):
        all_cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
        assert len({case["name"] for case in all_cases}) == len(all_cases), f"two cases of {file} have one name"
        for number, case in enumerate(all_cases, 1):
            name = f"test_{file.stem}_{number:02}_{re.sub(r'[^A-Za-z0-9]+', '_', case['name'])}"
            setattr(test, name, _method(name, case, folder == "server", clients, run or Run))


def _method(name: str, case: Dict[str, Any], is_real: bool, clients: Type[Any], run: "Type[Run]") -> Callable[[unittest.TestCase], None]:
    def test(self: unittest.TestCase) -> None:
        run(self, case, is_real, clients).run()

    test.__name__ = name
    return test


class Run:
    beside = _BESIDE

    def __init__(self, test: unittest.TestCase, case: Dict[str, Any], is_real: bool, clients: Type[Any]) -> None:
        self._test = test
        self._case = case
        self._kept: Dict[str, Any] = {"unique": uuid.uuid4().hex}
        self._clock = support.Clock()
        self._server = support.server() if is_real else {}
        self._services: List[Any] = []
        unknown = set(case) - {"name", "given", "services", "client", "middleware", "steps"}
        test.assertFalse(unknown, f"fields of the case that this runner does not know: {unknown}")
        if not is_real:
            self._services = [self._service(each) for each in case.get("services", [{}])]
            for service in self._services:
                test.addCleanup(service.stop)
        addresses = [self._server["grpc"]] if is_real else [service.address for service in self._services]
        self._clients = clients(addresses, **self._settings(case.get("client", {}), is_real))
        test.addCleanup(self._clients.close)

    def run(self) -> None:
        for step in self._case.get("given", []):
            with self._test.subTest(given=step):
                self._admin(self._filled(step))
        for number, step in enumerate(self._case["steps"], 1):
            with self._test.subTest(step=number):
                self._step(self._filled(step))

    def _service(self, script: Dict[str, Any]) -> Any:
        listens = script.get("listens", "service")
        self._test.assertFalse(set(script) - {"listens", "answers"})
        if listens == "service":
            return FakeService(script.get("answers", ()), self._clock.advance)
        return {"nobody": Nobody, "silence": lambda: Listener(b""), "stranger": lambda: Listener(b"SSH-2.0-other\r\n")}[listens]()

    def _settings(self, client: Dict[str, Any], is_real: bool) -> Dict[str, Any]:
        self._test.assertFalse(set(client) - {"failure_mode", "deadline_ms", "token", "denial_memory_capacity"})
        settings: Dict[str, Any] = {"clock": self._clock, "deadline": support.PATIENCE, "batch_deadline": support.PATIENCE}
        if is_real:
            settings["token"] = support.TOKEN
        for name, value in client.items():
            if name != "deadline_ms":
                settings[name] = value
            elif value is None:
                del settings["deadline"]
            else:
                settings["deadline"] = value / 1000
        return settings

    def _step(self, step: Dict[str, Any]) -> None:
        (kind,) = set(step) - self.beside
        started = time.monotonic()
        getattr(self, "_" + kind)(step)
        took = (time.monotonic() - started) * 1000
        if "took_ms" in step:
            self._within("took_ms", step["took_ms"], took)
        self._check_asked(step)

    def _authorize(self, step: Dict[str, Any]) -> None:
        request = _to_request(step["authorize"])
        if "error" in step:
            self._fails(step["error"], lambda: self._clients.authorize(request))
            return
        if "parallel" in step:
            verdicts = self._clients.parallel(request, step["parallel"])
        else:
            verdicts = [self._clients.authorize(request) for _ in range(step.get("times", 1))]
        for verdict in verdicts:
            self._verdict(step["expect"], verdict)
        self._keep(step, _to_json(verdicts[0]))

    def _batch(self, step: Dict[str, Any]) -> None:
        requests = [_to_request(request) for request in step["batch"]]
        if "error" in step:
            self._fails(step["error"], lambda: self._clients.batch(requests))
            return
        verdicts = self._clients.batch(requests)
        self._test.assertEqual(len(step["expect_each"]), len(verdicts))
        for expected, verdict in zip(step["expect_each"], verdicts):
            self._verdict(expected, verdict)

    def _admin(self, step: Dict[str, Any]) -> None:
        service, _, method = step["admin"].partition("/")
        request = json_format.ParseDict(step.get("request", {}), getattr(_MODULES[service], method + "Request")())

        def act() -> Any:
            return self._clients.admin(self._server["grpc"], step.get("secret", self._server["secret"]), lambda admin: _ADMIN[step["admin"]](admin, request))

        if "error" in step:
            self._fails(step["error"], act)
            return
        answer = act()
        if method in _LISTS:
            response = {_LISTS[method]: [_message_to_json(each) for each in answer], "total_size": str(len(answer))}
        else:
            response = {} if answer is None else _message_to_json(answer)
        self._keep(step, response)
        self._part_of(step.get("expect_response", {}), response, "response")

    def _explain(self, step: Dict[str, Any]) -> None:
        explanation = self._clients.explain(self._server["grpc"], self._server["secret"], _to_request(step["explain"]))
        self._verdict(step["expect"], explanation.verdict)
        outcomes = {one.name: wire.ExplainOutcome.Name(one.outcome).replace("EXPLAIN_OUTCOME_", "") for one in explanation.response.steps}
        self._part_of(step.get("expect_steps", {}), outcomes, "steps")

    def _connect(self, step: Dict[str, Any]) -> None:
        self._test.assertEqual(step["expect_answering"], self._clients.connect())

    def _advance_ms(self, step: Dict[str, Any]) -> None:
        self._clock.advance(step["advance_ms"])

    def _stop(self, step: Dict[str, Any]) -> None:
        self._services[step["stop"]].stop()

    def _start(self, step: Dict[str, Any]) -> None:
        self._services[step["start"]].start()

    def _until_asked(self, step: Dict[str, Any]) -> None:
        asked = self._services[step["until_asked"]].asked
        before, until = len(asked), time.monotonic() + support.PATIENCE
        while len(asked) == before:
            self._test.assertLess(time.monotonic(), until, "It was not asked.")
            self._clock.advance(1000)
            self._verdict(step["expect"], self._clients.authorize(_to_request(step["request"])))

    def _check_asked(self, step: Dict[str, Any]) -> None:
        counts = [len(service.asked) for service in self._services]
        if "asked" in step:
            self._test.assertEqual(step["asked"], counts, "asked")
        if "asked_in_all" in step:
            self._test.assertEqual(step["asked_in_all"], sum(counts), "asked_in_all")
        if "asked_at_most" in step:
            self._test.assertLessEqual(sum(counts), step["asked_at_most"])
        if "received" in step:
            expected = json_format.ParseDict(step["received"], wire.AuthorizeRequest())
            self._test.assertEqual(expected, self._services[0].asked[-1])
        for name, value in step.get("received_metadata", {}).items():
            self._test.assertEqual(value, self._services[0].metadata.get(name))
        if "received_deadline_ms" in step:
            self._within("received_deadline_ms", step["received_deadline_ms"], self._services[0].time_left * 1000)

    def _verdict(self, expected: Dict[str, Any], verdict: Verdict) -> None:
        actual = _to_json(verdict)
        for name, value in expected.items():
            self._test.assertIn(name, actual)
            if name == "limits":
                self._test.assertEqual(len(value), len(actual["limits"]), f"limits: {actual['limits']}")
                for number, (one, other) in enumerate(zip(value, actual["limits"])):
                    for field, wanted in one.items():
                        self._field(f"limits[{number}].{field}", wanted, other[field])
            elif name == "failure" and value is not None:
                self._test.assertIsNotNone(actual["failure"])
                for field, wanted in value.items():
                    self._field("failure." + field, wanted, actual["failure"][field])
            else:
                self._field(name, value, actual[name])
        self._test.assertEqual(verdict.allowed, bool(verdict))

    def _field(self, name: str, wanted: Any, actual: Any) -> None:
        if name.rpartition(".")[2] in _DURATIONS and wanted is not None:
            self._within(name, wanted if isinstance(wanted, list) else [wanted - 1e-6, wanted + 1e-6], actual)
        elif wanted == "*":
            self._test.assertTrue(actual, name)
        else:
            self._test.assertEqual(wanted, actual, name)

    def _within(self, name: str, bounds: List[float], actual: Optional[float]) -> None:
        self._test.assertTrue(actual is not None and bounds[0] <= actual <= bounds[1], f"{name} is {actual}, wanted is {bounds}")

    def _part_of(self, expected: Any, actual: Any, where: str) -> None:
        if isinstance(expected, dict):
            for name, value in expected.items():
                self._test.assertIn(name, actual, where)
                self._part_of(value, actual[name], f"{where}.{name}")
        elif isinstance(expected, list):
            self._test.assertEqual(len(expected), len(actual), f"{where}: {actual}")
            for number, (one, other) in enumerate(zip(expected, actual)):
                self._part_of(one, other, f"{where}[{number}]")
        elif expected == "*":
            self._test.assertTrue(actual, where)
        else:
            self._test.assertEqual(expected, actual, where)

    def _fails(self, error: Dict[str, Any], act: Callable[[], Any]) -> None:
        kind: Any = {"request": DecisionRequestError, "credential": DecisionCredentialError, "admin": AdminError}[error["type"]]
        with self._test.assertRaises(kind) as raised:
            act()
        exception: Any = raised.exception
        text = str(exception)
        self._test.assertFalse(set(error) - {"type", "violations", "message_has", "message_lacks", "code"})
        if "violations" in error:
            fields = [violation.field for violation in exception.violations]
            self._test.assertEqual(len(error["violations"]), len(fields), fields)
            for wanted, field in zip(error["violations"], fields):
                self._field("violations", wanted, field)
        if "code" in error:
            self._test.assertEqual(error["code"], exception.code)
        for part in error.get("message_has", []):
            self._test.assertIn(part, text)
        for part in error.get("message_lacks", []):
            self._test.assertNotIn(part, text + repr(exception) + repr(exception.__cause__))

    def _keep(self, step: Dict[str, Any], value: Any) -> None:
        if "as" in step:
            self._kept[step["as"]] = value

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._filled(name): self._filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        return re.sub(r"\$\{([^}]+)\}", self._found, value) if isinstance(value, str) else value

    def _found(self, name: "re.Match[str]") -> str:
        value: Any = self._kept
        for part in name[1].split("."):
            value = value[part]
        return str(value)


def _to_request(request: Dict[str, Any]) -> AuthorizationRequest:
    headers = [(header["name"], header["value"]) for header in request.get("headers", [])]
    return AuthorizationRequest(**{**request, "headers": headers})


def _message_to_json(message: Any) -> Any:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def _to_json(verdict: Verdict) -> Dict[str, Any]:
    fields: Dict[str, Any] = dict(vars(verdict))
    fields["reason"] = _reason(verdict.reason)
    fields["shadowed_reason"] = None if verdict.shadowed_reason is None else _reason(verdict.shadowed_reason)
    for name in ("tags", "missing_policies"):
        fields[name] = list(fields[name])
    fields["policies"] = [vars(policy) for policy in verdict.policies]
    fields["limits"] = [vars(limit) for limit in verdict.limits]
    fields["failure"] = verdict.failure and {"kind": verdict.failure.kind.value, "may_have_spent": verdict.failure.may_have_spent}
    return fields


def _reason(reason: Reason) -> Any:
    return int(reason.name) if reason.name.isdigit() else reason.name
