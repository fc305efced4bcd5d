"""Services over real connections that answer what a case says, and keep what they were asked."""

import socket
import threading
from concurrent import futures
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import grpc
from google.protobuf import any_pb2, json_format

from decision_client._generated.decision.v1 import authorize_pb2 as wire
from decision_client._generated.decision.v1.authorize_pb2_grpc import AuthorizeServiceServicer, add_AuthorizeServiceServicer_to_server
from decision_client._generated.decision_client import details_pb2

from . import support

ALLOWED: Dict[str, Any] = {"allowed": True, "reason": "REASON_ALLOWED", "http_status": 200, "decision_id": "d-0", "key_id": "k-0"}


class FakeService(AuthorizeServiceServicer):
    def __init__(self, answers: Sequence[Dict[str, Any]] = (), advance: Callable[[float], None] = lambda _: None, credentials: Any = None) -> None:
        self.asked: List[wire.AuthorizeRequest] = []
        self.streams = 0
        self.metadata: Dict[str, Any] = {}
        self.time_left: Optional[float] = None
        self._answers = list(answers) or [{"response": ALLOWED}]
        self._advance = advance
        self._credentials = credentials
        self._lock = threading.Lock()
        self._server: Optional[grpc.Server] = None
        self._relay: Optional[_Relay] = None
        self.port = support.free_port()
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.so_reuseport", 0)])
        add_AuthorizeServiceServicer_to_server(self, self._server)
        if any("breaks" in answer for answer in self._answers):
            self._relay = _Relay(self.port, self._server.add_insecure_port("127.0.0.1:0"))
        elif self._credentials is not None:
            self._server.add_secure_port(self.address, self._credentials)
        else:
            self._server.add_insecure_port(self.address)
        self._server.start()

    def stop(self) -> None:
        if self._relay is not None:
            self._relay.close()
        if self._server is not None:
            self._server.stop(None).wait()
            self._server = None

    def Authorize(self, request: wire.AuthorizeRequest, context: grpc.ServicerContext) -> wire.AuthorizeResponse:
        answer = self._take(request, context)
        return self._answer(answer, context)

    def AuthorizeBatch(self, request: wire.AuthorizeBatchRequest, context: grpc.ServicerContext) -> wire.AuthorizeBatchResponse:
        responses, missing = [], 0
        for each in request.requests:
            answer = self._take(each, context)
            missing = max(missing, answer.get("missing_responses", 0))
            responses.append(self._answer(answer, context))
        return wire.AuthorizeBatchResponse(responses=responses[:len(responses) - missing])

    def AuthorizeStream(
        self, request_iterator: Iterator[wire.AuthorizeStreamRequest], context: grpc.ServicerContext
    ) -> Iterator[wire.AuthorizeStreamResponse]:
        self.streams += 1
        held: List[wire.AuthorizeStreamResponse] = []
        for each in request_iterator:
            answer = dict(self._take(each.request, context))
            count = answer.pop("backwards", 1)
            response = self._answer(answer, context)
            response.alias = each.request.path
            held.append(wire.AuthorizeStreamResponse(response=response, request_id=each.request.request_id))
            if len(held) >= count:
                yield from reversed(held)
                held.clear()

    def _take(self, request: wire.AuthorizeRequest, context: grpc.ServicerContext) -> Dict[str, Any]:
        with self._lock:
            self.asked.append(request)
            self.metadata = dict(context.invocation_metadata())
            self.time_left = context.time_remaining()
            return self._answers[min(len(self.asked), len(self._answers)) - 1]

    def _answer(self, answer: Dict[str, Any], context: grpc.ServicerContext) -> wire.AuthorizeResponse:
        unknown = set(answer) - {"response", "status", "hangs", "breaks", "advance_ms", "missing_responses"}
        assert not unknown, unknown
        self._advance(answer.get("advance_ms", 0))
        if answer.get("hangs"):
            ended = threading.Event()
            if context.add_callback(ended.set):
                ended.wait()
        if answer.get("breaks"):
            assert self._relay is not None
            self._relay.cut()
        if "status" in answer:
            self._refuse(answer["status"], context)
        return json_format.ParseDict(answer.get("response", {}), wire.AuthorizeResponse())

    @staticmethod
    def _refuse(status: Dict[str, Any], context: grpc.ServicerContext) -> None:
        code = grpc.StatusCode[status["code"]]
        if "violations" in status:
            violations = [details_pb2.FieldViolation(**violation) for violation in status["violations"]]
            detail = any_pb2.Any(
                type_url="type.googleapis.com/google.rpc.BadRequest", value=details_pb2.BadRequest(field_violations=violations).SerializeToString()
            )
            whole = details_pb2.Status(code=code.value[0], message=status["message"], details=[detail])
            context.set_trailing_metadata((("grpc-status-details-bin", whole.SerializeToString()),))
        context.abort(code, status["message"])


class Listener:
    """A port that takes connections and says what it is told, which is no HTTP/2."""

    def __init__(self, greeting: bytes) -> None:
        self.asked: List[wire.AuthorizeRequest] = []
        self._greeting = greeting
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._connections: List[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        for one in (self._socket, *self._connections):
            _shut(one)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._connections.append(connection)
            if self._greeting:
                connection.sendall(self._greeting)


class Nobody:
    """An address that nobody listens on."""

    def __init__(self) -> None:
        self.asked: List[wire.AuthorizeRequest] = []
        self.port = support.free_port()
        self.address = f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        """There is nothing to stop."""


class _Relay:
    """Stands between client and service, and can cut the wire."""

    def __init__(self, port: int, to: int) -> None:
        self._to = to
        self._lock = threading.Lock()
        self._pairs: List[Tuple[socket.socket, socket.socket]] = []
        self._socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            for pair in self._pairs:
                for one in pair:
                    _shut(one)
            self._pairs.clear()

    def close(self) -> None:
        _shut(self._socket)
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            with self._lock:
                self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while True:
            data = one.recv(65536)
            if not data:
                break
            other.sendall(data)
    except OSError:
        pass
    _shut(one)
    _shut(other)


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()
