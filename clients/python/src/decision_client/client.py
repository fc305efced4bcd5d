"""The client for threads."""

import time
from types import TracebackType
from typing import Any, List, Optional, Sequence, Set, Tuple, Type

import grpc

from . import _failures, _mapping
from ._addresses import Address
from ._base import CONNECT_WITHIN, ClientBase, to_batch, to_failure
from ._endpoints import PROBE_INTERVAL, CannotConnect, Connection, Endpoint, channel_options, credentials
from ._failures import CallFailure
from ._options import Tls
from .request import AuthorizationRequest
from .stream import AuthorizationStream
from .verdict import FailureKind, ServiceFailure, Verdict


class DecisionClient(ClientBase):
    __doc__ = ClientBase.__doc__

    def authorize(self, request: AuthorizationRequest) -> Verdict:
        """Asks whether a request may pass. A denial is an answer; so is that of the failure mode.

        :raises DecisionRequestError: The request is malformed.
        :raises DecisionCredentialError: The service does not let this client ask.
        """
        fingerprint, remembered = self._recall(request)
        if remembered is not None:
            return remembered
        asked_at = self._options.clock()
        response, failure = self._call(_authorize, _mapping.to_wire(request), self._options.deadline)
        return self._conclude(response, failure, fingerprint, asked_at)

    def authorize_batch(self, requests: Sequence[AuthorizationRequest]) -> List[Verdict]:
        """Asks for 1 to 1,000 requests in one call; each is decided by itself, and answered at its place. Raises as ``authorize``."""
        batch = to_batch(requests)
        response, failure = self._call(_authorize_batch, batch, self._options.batch_deadline)
        return self._conclude_batch(len(requests), response, failure)

    def stream(self) -> AuthorizationStream:
        """Opens a stream, on which each decision costs less than a call of its own; for sidecars, and for whatever asks all the time.

        Use it as ``with client.stream() as stream``, from any number of threads, and as long as the client.
        """
        return AuthorizationStream(self)

    def connect(self) -> int:
        """Connects to every address and spends nothing, so that the first decision does not have to within its deadline.

        Waits 2 seconds at most. Answers how many addresses answered; one that does not is tried again by itself.
        """
        self._require_open()
        looks = [(endpoint, self._look(endpoint, CONNECT_WITHIN)) for endpoint in self._rotation.endpoints]
        count = 0
        for endpoint, look in looks:
            is_there = look is not None and _is_there(look)
            count += is_there
            if not is_there:
                endpoint.failed(CallFailure(FailureKind.UNREACHABLE, "it does not answer.", False), None, self._rotation.has_several)
        return count

    def close(self) -> None:
        """Closes the connections. Calls that are under way fail."""
        self._is_closed = True
        for endpoint in self._rotation.endpoints:
            for channel in endpoint.close():
                channel.close()

    def __enter__(self) -> "DecisionClient":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def _call(self, start: Any, request: Any, deadline: float) -> Tuple[Any, Optional[ServiceFailure]]:
        self._require_open()
        self._look_after()
        ends = time.monotonic() + deadline
        tried: Set[Endpoint] = set()
        failure: Optional[CallFailure] = None
        while True:
            endpoint = self._rotation.next(tried)
            left = ends - time.monotonic()
            if endpoint is None or (failure is not None and left <= 0):
                return None, to_failure(failure)
            connection: Optional[Connection] = None
            try:
                connection = endpoint.take()
                response = start(connection)(request, timeout=left, metadata=self._metadata)
                endpoint.answered()
                return response, None
            except CannotConnect as error:
                failure = CallFailure(FailureKind.UNREACHABLE, str(error), True)
            except grpc.RpcError as error:
                mistake = _failures.mistake(error)
                if mistake is not None:
                    endpoint.answered()
                    raise mistake from error
                failure = _failures.of(error)
            finally:
                if connection is not None:
                    endpoint.give_back(connection)
            endpoint.failed(failure, connection, self._rotation.has_several)
            if not failure.certainly_unsent:
                return None, to_failure(failure)

    def _look_after(self) -> None:
        for endpoint in self._rotation.endpoints:
            if endpoint.wants_look():
                self._look(endpoint, PROBE_INTERVAL)

    def _look(self, endpoint: Endpoint, within: float) -> "Optional[grpc.Future[bytes]]":
        """Begins to ask an address for its health, which spends nothing."""
        try:
            connection = endpoint.take()
        except CannotConnect:
            endpoint.looked(False, None)
            return None
        look = connection.health.future(b"", timeout=within, metadata=self._metadata)

        def looked(ended: "grpc.Future[bytes]") -> None:
            endpoint.looked(_is_there(ended), connection)
            endpoint.give_back(connection)

        look.add_done_callback(looked)
        return look

    def _require_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("The client is closed.")

    @staticmethod
    def _open_channel(address: Address, tls: Tls) -> grpc.Channel:
        return open_channel(address, tls)

    def _close_channel(self, channel: grpc.Channel) -> None:
        channel.close()


def open_channel(address: Address, tls: Tls) -> grpc.Channel:
    if address.tls:
        return grpc.secure_channel(address.target, credentials(tls), channel_options(tls))
    return grpc.insecure_channel(address.target, channel_options(Tls()))


def _authorize(connection: Connection) -> Any:
    return connection.authorize


def _authorize_batch(connection: Connection) -> Any:
    return connection.authorize_batch


def _is_there(look: "grpc.Future[bytes]") -> bool:
    try:
        look.result()
        return True
    except grpc.FutureCancelledError:
        return False
    except grpc.RpcError as error:
        return _failures.answers(error)
