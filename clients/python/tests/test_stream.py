"""Decisions over one long-lived call, with both clients."""

import unittest
from typing import Any, List, Type

from decision_client import AuthorizationRequest, DecisionCredentialError, DecisionRequestError, FailureKind, FailureMode, Reason
from decision_client.admin import Key

from . import clients, support
from .fakes import ALLOWED, FakeService, Nobody

DENIED = {"reason": "REASON_RATE_LIMITED", "http_status": 429, "retry_after": "10s"}


def request(path: str = "/orders/1", **fields: Any) -> AuthorizationRequest:
    return AuthorizationRequest(**{"api_key": "a-key", "api_id": "orders", "method": "GET", "path": path, **fields})


class _Cases:
    face: Type[Any]

    def test_requests_at_once_get_each_its_own_answer_over_one_call(self: Any) -> None:
        service = self.service({"response": ALLOWED, "backwards": 20})
        client = self.client(service.address)

        verdicts = client.ask_on_stream(*(request(f"/orders/{number}") for number in range(20)))

        self.assertEqual([f"/orders/{number}" for number in range(20)], [verdict.alias for verdict in verdicts])
        self.assertTrue(all(verdict.allowed for verdict in verdicts))
        self.assertEqual(1, service.streams)

    def test_the_callers_request_id_is_told(self: Any) -> None:
        service = self.service()

        self.client(service.address).ask_on_stream(request(request_id="of-the-caller"))

        self.assertIn("of-the-caller", service.asked[0].request_id)

    def test_a_denial_is_remembered_as_elsewhere(self: Any) -> None:
        service = self.service({"response": DENIED})
        client = self.client(service.address)

        first, second = client.ask_on_stream(request())[0], client.ask_on_stream(request())[0]

        self.assertEqual((Reason.RATE_LIMITED, False, True), (second.reason, first.remembered, second.remembered))
        self.assertEqual(1, len(service.asked))

    def test_a_stream_that_breaks_is_answered_by_the_failure_mode_and_opened_anew(self: Any) -> None:
        service = self.service({"breaks": "connection"}, {"response": ALLOWED})
        client = self.client(service.address)

        broken, next_one = client.ask_on_stream(request())[0], client.ask_on_stream(request())[0]

        self.assertEqual((False, FailureKind.UNREACHABLE, True), (broken.allowed, broken.failure.kind, broken.failure.may_have_spent))
        self.assertTrue(next_one.allowed)
        self.assertEqual(2, service.streams)

    def test_a_service_that_comes_back_is_asked_again(self: Any) -> None:
        service = self.service()
        client = self.client(service.address)
        client.ask_on_stream(request())
        service.stop()

        gone = client.ask_on_stream(request())[0]
        service.start()

        self.assertEqual(FailureKind.UNREACHABLE, gone.failure.kind)
        back = client.ask_on_stream(request())[0]
        self.assertTrue(back.allowed, (gone.failure, back.failure))

    def test_an_address_without_a_service_is_passed_over(self: Any) -> None:
        service = self.service()
        client = self.client(Nobody().address, service.address)

        self.assertTrue(all(client.ask_on_stream(request())[0].allowed for _ in range(4)))

    def test_an_answer_that_does_not_come_in_time_is_a_failure(self: Any) -> None:
        service = self.service({"hangs": True})

        verdict = self.client(service.address, deadline=0.2, failure_mode=FailureMode.OPEN).ask_on_stream(request())[0]

        self.assertEqual((True, FailureKind.TIMED_OUT, True), (verdict.allowed, verdict.failure.kind, verdict.failure.may_have_spent))

    def test_a_mistake_of_the_caller_is_an_exception_in_either_mode(self: Any) -> None:
        for code, expected in (("INVALID_ARGUMENT", DecisionRequestError), ("UNAUTHENTICATED", DecisionCredentialError), ("PERMISSION_DENIED", DecisionCredentialError)):
            with self.subTest(code):
                service = self.service({"status": {"code": code, "message": "as the test says"}}, {"response": ALLOWED})
                client = self.client(service.address, failure_mode=FailureMode.OPEN)

                with self.assertRaises(expected):
                    client.ask_on_stream(request())

                self.assertTrue(client.ask_on_stream(request())[0].allowed)

    def test_a_request_that_is_malformed_here_ends_nothing(self: Any) -> None:
        service = self.service()
        client = self.client(service.address)
        client.ask_on_stream(request())

        with self.assertRaises(DecisionRequestError):
            client.ask_on_stream(request(method=""))

        self.assertTrue(client.ask_on_stream(request())[0].allowed)
        self.assertEqual(1, service.streams)

    def test_a_closed_stream_and_a_closed_client_say_so(self: Any) -> None:
        client = self.client(self.service().address)
        client.ask_on_stream(request())
        client.close_stream()

        with self.assertRaisesRegex(RuntimeError, "stream is closed"):
            client.ask_on_stream(request())

    def test_the_real_server_counts_what_is_asked_on_a_stream(self: Any) -> None:
        server = support.server()
        client = self.client(server["grpc"], token=support.TOKEN)
        made = client.admin(server["grpc"], server["secret"], lambda admin: admin.keys.create(Key(org_id="conformance", apply_policies=["three"])))

        reasons: List[Reason] = [client.ask_on_stream(request(api_key=made.api_key))[0].reason for _ in range(4)]

        self.assertEqual([Reason.ALLOWED] * 3 + [Reason.RATE_LIMITED], reasons)

    def service(self: Any, *answers: Any) -> FakeService:
        one = FakeService(answers)
        self.addCleanup(one.stop)
        return one

    def client(self: Any, *addresses: str, **settings: Any) -> Any:
        client = self.face(list(addresses), **{"deadline": support.PATIENCE, "clock": support.Clock(), **settings})
        self.addCleanup(client.close)
        client.open_stream()
        return client


class OfThreads(_Cases, unittest.TestCase):
    face = clients.Threads


class OfAsyncio(_Cases, unittest.TestCase):
    face = clients.Asyncio
