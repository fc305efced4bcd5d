"""What only this client has: threads, event loops, connections, settings, logs."""

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent import futures
from typing import Any, Iterator, List

import grpc

from decision_client import (
    AsyncDecisionClient, AuthorizationRequest, DecisionClient, DecisionConfigurationError, DecisionRequestError, FailureKind, FailureMode, Reason, Tls, Verdict,
)

from . import clients, support
from .fakes import FakeService, Listener, Nobody

REQUEST = AuthorizationRequest(api_key="key-of-a-client", api_id="orders", method="GET", path="/orders/1")
DENIED = {"reason": "REASON_RATE_LIMITED", "http_status": 429, "retry_after": "10s"}


@contextlib.contextmanager
def service(*answers: Any, **settings: Any) -> Iterator[FakeService]:
    one = FakeService(answers, **settings)
    try:
        yield one
    finally:
        one.stop()


class Threads(unittest.TestCase):
    def test_authorize_from_many_threads_answers_each_its_own(self) -> None:
        with service() as one, DecisionClient(one.address, deadline=support.PATIENCE) as client:
            with futures.ThreadPoolExecutor(16) as pool:
                requests = [AuthorizationRequest(api_key=str(n), api_id="orders", method="GET") for n in range(400)]
                verdicts = list(pool.map(client.authorize, requests))
            self.assertTrue(all(verdicts))
            self.assertEqual(sorted(str(n) for n in range(400)), sorted(request.api_key for request in one.asked))

    def test_authorize_from_many_threads_shares_one_memory(self) -> None:
        with service({"response": DENIED}) as one, DecisionClient(one.address, deadline=support.PATIENCE, clock=support.Clock()) as client:
            requests = [AuthorizationRequest(api_key=str(n % 4), api_id="orders", method="GET") for n in range(2000)]
            with futures.ThreadPoolExecutor(16) as pool:
                verdicts = list(pool.map(client.authorize, requests))
            self.assertEqual({Reason.RATE_LIMITED}, {verdict.reason for verdict in verdicts})
            # Four requests, each asked by all threads at once at most, before the first answer is there.
            self.assertLessEqual(len(one.asked), 4 * 16)

    def test_authorize_while_replicas_come_and_go_loses_no_request(self) -> None:
        with service() as first, service() as second, DecisionClient([first.address, second.address], deadline=support.PATIENCE) as client:
            ended = threading.Event()
            failures: List[Verdict] = []

            def ask() -> None:
                while not ended.is_set():
                    verdict = client.authorize(REQUEST)
                    if verdict.failure is not None and not verdict.failure.may_have_spent:
                        failures.append(verdict)

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in range(5):
                first.stop()
                seen = len(second.asked)
                self._until(lambda: len(second.asked) > seen + 20)
                first.start()
            ended.set()
            for thread in threads:
                thread.join()
            self.assertEqual([], failures)

    # In a process of its own: gRPC does not promise to survive a fork of one that has used it.
    def test_a_client_made_before_a_fork_works_after_it(self) -> None:
        program = """
import os, sys
from decision_client import AuthorizationRequest, DecisionClient
client = DecisionClient(sys.argv[1], deadline=30)
request = AuthorizationRequest(api_id="orders", method="GET")
children = [os.fork() or os._exit(0 if client.authorize(request) else 1) for _ in range(2)]
sys.exit(max(os.waitpid(child, 0)[1] for child in children) or not client.authorize(request))
"""
        with service() as one:
            environment = {**os.environ, "PYTHONPATH": str(support.PACKAGE / "src")}
            ended = subprocess.run([sys.executable, "-c", program, one.address], env=environment, timeout=support.PATIENCE)
            self.assertEqual((0, 3), (ended.returncode, len(one.asked)))

    def test_a_closed_client_says_so(self) -> None:
        client = DecisionClient("127.0.0.1:1")
        client.close()
        client.close()
        with self.assertRaisesRegex(RuntimeError, "closed"):
            client.authorize(REQUEST)

    def test_close_ends_a_call_that_is_under_way(self) -> None:
        with service({"hangs": True}) as one, futures.ThreadPoolExecutor(1) as pool:
            client = DecisionClient(one.address, deadline=support.PATIENCE)
            call = pool.submit(client.authorize, REQUEST)
            self._until(lambda: bool(one.asked))
            client.close()
            self.assertFalse(call.result(support.PATIENCE).allowed)

    def _until(self, is_so: Any) -> None:
        until = time.monotonic() + support.PATIENCE
        while not is_so():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.001)


class EventLoops(unittest.TestCase):
    def test_a_cancelled_task_raises_and_is_not_answered_by_the_open_mode(self) -> None:
        async def run(one: FakeService) -> None:
            async with AsyncDecisionClient(one.address, failure_mode="open", deadline=support.PATIENCE) as client:
                task = asyncio.ensure_future(client.authorize(REQUEST))
                while not one.asked:
                    await asyncio.sleep(0.001)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task

        with service({"hangs": True}) as one:
            asyncio.run(run(one))

    def test_other_tasks_run_while_one_waits(self) -> None:
        async def run(one: FakeService) -> int:
            async with AsyncDecisionClient(one.address, deadline=0.3) as client:
                task, turns = asyncio.ensure_future(client.authorize(REQUEST)), 0
                while not task.done():
                    await asyncio.sleep(0.01)
                    turns += 1
                self.assertIs(FailureKind.TIMED_OUT, task.result().failure.kind)
                return turns

        with service({"hangs": True}) as one:
            self.assertGreater(asyncio.run(run(one)), 3)

    def test_a_client_goes_on_in_a_new_loop_once_its_own_has_ended(self) -> None:
        with service() as one:
            client = AsyncDecisionClient(one.address, deadline=support.PATIENCE)
            for _ in range(3):
                self.assertTrue(asyncio.run(client.authorize(REQUEST)))
            self.assertEqual(3, len(one.asked))

    def test_a_client_refuses_a_second_loop_while_its_own_runs(self) -> None:
        async def run(one: FakeService) -> None:
            async with AsyncDecisionClient(one.address, deadline=support.PATIENCE) as client:
                await client.authorize(REQUEST)
                with futures.ThreadPoolExecutor(1) as pool:
                    other = asyncio.get_running_loop().run_in_executor(pool, lambda: asyncio.run(client.authorize(REQUEST)))
                    with self.assertRaisesRegex(RuntimeError, "another event loop"):
                        await other

        with service() as one:
            asyncio.run(run(one))

    def test_a_closed_client_says_so(self) -> None:
        async def run() -> None:
            client = AsyncDecisionClient("127.0.0.1:1")
            await client.close()
            await client.close()
            with self.assertRaisesRegex(RuntimeError, "closed"):
                await client.authorize(REQUEST)

        asyncio.run(run())


class Connections(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_a_unix_socket(self) -> None:
        for sort in (clients.Threads, clients.Asyncio):
            path = os.path.join(self.folder, f"{sort.__name__}.sock")
            with service() as one:
                assert one._server is not None
                one._server.stop(None).wait()
                one._server = grpc.server(futures.ThreadPoolExecutor(2))
                from decision_client._generated.decision.v1.authorize_pb2_grpc import add_AuthorizeServiceServicer_to_server

                add_AuthorizeServiceServicer_to_server(one, one._server)
                one._server.add_insecure_port("unix:" + path)
                one._server.start()
                client = sort(["unix:" + path], deadline=support.PATIENCE)
                self.addCleanup(client.close)
                self.assertTrue(client.authorize(REQUEST))

    def test_tls_with_a_certificate_of_our_own(self) -> None:
        ca, server, own = (self._certificate(name) for name in ("ca", "server", "own"))
        credentials = grpc.ssl_server_credentials([(_read(server[1]), _read(server[0]))], _read(own[0]), require_client_auth=True)
        for sort in (clients.Threads, clients.Asyncio):
            with service(credentials=credentials) as one:
                address = [f"https://{one.address}"]
                tls = Tls(ca_file=server[0], certificate_file=own[0], key_file=own[1], server_name="decision.test")
                known = sort(address, deadline=support.PATIENCE, tls=tls)
                self.addCleanup(known.close)
                self.assertEqual(1, known.connect())
                self.assertTrue(known.authorize(REQUEST))

                for wrong in (
                    Tls(ca_file=ca[0], certificate_file=own[0], key_file=own[1], server_name="decision.test"),
                    Tls(ca_file=server[0], certificate_file=own[0], key_file=own[1], server_name="other.test"),
                ):
                    stranger = sort(address, deadline=support.PATIENCE, tls=wrong)
                    self.addCleanup(stranger.close)
                    verdict = stranger.authorize(REQUEST)
                    assert verdict.failure is not None
                    self.assertEqual((False, FailureKind.UNREACHABLE, False), (verdict.allowed, verdict.failure.kind, verdict.failure.may_have_spent))
                self.assertEqual(1, len(one.asked))

    def test_renewed_files_count_for_the_next_connection(self) -> None:
        old, new = self._certificate("old"), self._certificate("new")
        trusted, clock = os.path.join(self.folder, "trusted.pem"), support.Clock()
        _write(trusted, _read(old[0]))
        with service(credentials=grpc.ssl_server_credentials([(_read(new[1]), _read(new[0]))])) as one:
            client = DecisionClient(f"https://{one.address}", deadline=support.PATIENCE, tls=Tls(ca_file=trusted, server_name="decision.test"), clock=clock)
            self.addCleanup(client.close)
            self.assertFalse(client.authorize(REQUEST))
            _write(trusted, _read(new[0]))
            clock.advance(10_000)
            self.assertTrue(client.authorize(REQUEST))

    def test_a_file_that_is_gone_is_a_failure_that_says_which(self) -> None:
        trusted = os.path.join(self.folder, "trusted.pem")
        _write(trusted, _read(self._certificate("any")[0]))
        for sort in (clients.Threads, clients.Asyncio):
            _write(trusted, _read(os.path.join(self.folder, "any.pem")))
            client = sort(["https://127.0.0.1:1"], tls=Tls(ca_file=trusted))
            self.addCleanup(client.close)
            os.remove(trusted)
            verdict = client.authorize(REQUEST)
            assert verdict.failure is not None
            self.assertIs(FailureKind.UNREACHABLE, verdict.failure.kind)
            self.assertIn(trusted, verdict.failure.detail)

    def test_a_replica_that_says_nothing_does_not_hold_up_connect(self) -> None:
        silent = Listener(b"")
        self.addCleanup(silent.stop)
        with service() as one:
            for sort in (clients.Threads, clients.Asyncio):
                client = sort([silent.address, one.address])
                self.addCleanup(client.close)
                started = time.monotonic()
                self.assertEqual(1, client.connect())
                self.assertLess(time.monotonic() - started, 10)
            self.assertEqual([], one.asked)

    def _certificate(self, name: str) -> Any:
        certificate, key = os.path.join(self.folder, name + ".pem"), os.path.join(self.folder, name + ".key")
        command = (
            f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {key} -out {certificate} -days 2 "
            f"-subj /CN=decision.test -addext subjectAltName=DNS:decision.test 2>/dev/null"
        )
        self.assertEqual(0, os.system(command))
        return certificate, key


class Texts(unittest.TestCase):
    def test_half_a_surrogate_pair_is_refused_also_without_a_service(self) -> None:
        client = DecisionClient("127.0.0.1:1", failure_mode=FailureMode.OPEN)
        for field, request in (
            ("path", AuthorizationRequest(api_id="a", method="GET", path="/\ud800")),
            ("headers", AuthorizationRequest(api_id="a", method="GET", headers=[("Date", "\udc00")])),
        ):
            with self.assertRaises(DecisionRequestError) as raised:
                client.authorize(request)
            self.assertEqual([field], [violation.field for violation in raised.exception.violations])

    def test_text_of_any_language_arrives_as_it_is(self) -> None:
        with service() as one, DecisionClient(one.address, deadline=support.PATIENCE) as client:
            client.authorize(AuthorizationRequest(api_key="a-\U0001F511-ключ", api_id="a", method="GET"))
            self.assertEqual("a-\U0001F511-ключ", one.asked[0].api_key)

    def test_a_request_shows_no_key_and_no_query(self) -> None:
        request = AuthorizationRequest(api_key="secret", api_id="orders", method="GET", path="/orders/1?key=secret", headers=[("Authorization", "secret")])
        self.assertNotIn("secret", repr(request) + str(request))

    def test_a_verdict_is_as_true_as_it_allows(self) -> None:
        self.assertFalse(Verdict(allowed=False, reason=Reason.KEY_MISSING, http_status=401))
        self.assertTrue(Verdict(allowed=True, reason=Reason.ALLOWED, http_status=200))

    def test_reasons_are_those_of_the_protocol(self) -> None:
        from decision_client._generated.decision.v1 import authorize_pb2 as wire

        own = {reason.name: int(reason) for reason in Reason if reason is not Reason.SERVICE_UNAVAILABLE}
        self.assertEqual({name.replace("REASON_", "", 1): number for name, number in wire.Reason.items()}, own)

    def test_a_reason_that_is_not_known_has_its_number(self) -> None:
        self.assertEqual(("99", "99", 99), (Reason(99).name, str(Reason(99)), int(Reason(99))))
        self.assertNotIn(99, list(Reason))


class Logs(unittest.TestCase):
    def test_an_address_that_fails_is_told_once_and_once_when_it_answers_again(self) -> None:
        with service() as one:
            for sort in (clients.Threads, clients.Asyncio):
                client = sort([one.address], deadline=support.PATIENCE, clock=support.Clock())
                self.addCleanup(client.close)
                one.stop()
                with self.assertLogs("decision_client", logging.INFO) as logs:
                    for _ in range(5):
                        client.authorize(AuthorizationRequest(api_key="secret-key", api_id="orders", method="GET", path="/?key=secret"))
                    one.start()
                    for _ in range(5):
                        client.authorize(REQUEST)
                self.assertEqual(["WARNING", "INFO"], [record.levelname for record in logs.records])
                self.assertIn(one.address, logs.output[0])
                self.assertNotIn("secret", "".join(logs.output))

    def test_what_is_dangerous_is_told(self) -> None:
        with self.assertLogs("decision_client", logging.WARNING) as logs:
            DecisionClient("192.0.2.1:50051", failure_mode="open")
        self.assertEqual(2, len(logs.output))
        with self.assertNoLogs("decision_client", logging.WARNING) if hasattr(self, "assertNoLogs") else contextlib.nullcontext():
            DecisionClient("localhost:50051, unix:/run/decision.sock, https://decision.example.com")


class Settings(unittest.TestCase):
    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        with self.assertRaises(DecisionConfigurationError) as raised:
            DecisionClient(
                "somewhere, https://a:b, 127.0.0.1:1, 127.0.0.1:1", deadline=0, batch_deadline=float("nan"), failure_mode="maybe", token="two words",
                denial_memory_capacity=-1, tls=Tls(ca_file="/no/such/file", certificate_file="/no/such/file"),
            )
        problems = raised.exception.problems
        for part in ("'somewhere'", "'https://a:b'", "twice", "deadline is 0", "batch_deadline is nan", "'maybe'", "token is", "denial_memory_capacity is -1",
                     "belong together", "/no/such/file"):
            self.assertTrue(any(part in problem for problem in problems), f"{part} in {problems}")
        self.assertNotIn("two words", str(raised.exception))

    def test_addresses_that_are_none(self) -> None:
        for address in ("", " , ", "host", "host:0", "host:99999", "ftp://host:1", "http://user:secret@host:1", "http://host:1/path", "unix:relative", "http://:1",
                        "a b:1", ",".join(f"h{n}:1" for n in range(33))):
            with self.subTest(address), self.assertRaises(DecisionConfigurationError) as raised:
                DecisionClient(address)
            self.assertNotIn("secret", str(raised.exception))

    def test_the_environment(self) -> None:
        client = DecisionClient.from_environment({
            "DECISION_ADDRESS": "http://127.0.0.1:1,[::1]:2", "DECISION_FAILURE_MODE": "Open", "DECISION_DEADLINE": "50ms", "DECISION_BATCH_DEADLINE": "2s",
            "DECISION_TOKEN": "a-token", "DECISION_DENIAL_MEMORY_CAPACITY": "0", "DECISION_OTHER": "ignored",
        })
        self.assertEqual("<DecisionClient of http://127.0.0.1:1, http://[::1]:2>", repr(client))
        self.assertEqual((0.05, 2.0, FailureMode.OPEN), (client._options.deadline, client._options.batch_deadline, client._options.failure_mode))
        self.assertTrue(client.authorize(REQUEST))
        self.assertFalse(DecisionClient.from_environment({"DECISION_FAILURE_MODE": "open"}, address="127.0.0.1:1", failure_mode="closed").authorize(REQUEST))

    def test_an_environment_that_is_wrong(self) -> None:
        with self.assertRaises(DecisionConfigurationError) as raised:
            DecisionClient.from_environment({"DECISION_DEADLINE": "200", "DECISION_BATCH_DEADLINE": "soon", "DECISION_DENIAL_MEMORY_CAPACITY": "many"})
        self.assertEqual(3, len(raised.exception.problems))

    def test_nobody_costs_less_than_a_deadline(self) -> None:
        nobody = Nobody()
        with DecisionClient(nobody.address, deadline=support.PATIENCE) as client:
            started = time.monotonic()
            for _ in range(20):
                self.assertFalse(client.authorize(REQUEST))
            self.assertLess(time.monotonic() - started, support.PATIENCE)


def _read(file: str) -> bytes:
    with open(file, "rb") as stream:
        return stream.read()


def _write(file: str, data: bytes) -> None:
    with open(file, "wb") as stream:
        stream.write(data)


if __name__ == "__main__":
    unittest.main()
