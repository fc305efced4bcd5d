"""The client for asyncio."""

import asyncio
import time
from types import TracebackType
from typing import Any, List, Optional, Sequence, Set, Tuple, Type

import grpc
import grpc.aio

from . import _failures, _mapping
from ._addresses import Address
from ._base import CONNECT_WITHIN, ClientBase, to_batch, to_failure
from ._endpoints import PROBE_INTERVAL, CannotConnect, Connection, Endpoint, channel_options, credentials
from ._failures import CallFailure
from ._options import Tls
from .aio_stream import AsyncAuthorizationStream
from .request import AuthorizationRequest
from .verdict import FailureKind, ServiceFailure, Verdict


class AsyncDecisionClient(ClientBase):
    __doc__ = f"""{ClientBase.__doc__}
    It belongs to the event loop that it is first used in, and may be made outside of any.
    """

    _loop: Optional[asyncio.AbstractEventLoop] = None
    _background: "Set[asyncio.Task[Any]]"

    async def authorize(self, request: AuthorizationRequest) -> Verdict:
        """Asks whether a request may pass. A denial is an answer; so is that of the failure mode.

        :raises DecisionRequestError: The request is malformed.
        :raises DecisionCredentialError: The service does not let this client ask.
        """
        fingerprint, remembered = self._recall(request)
        if remembered is not None:
            return remembered
        asked_at = self._options.clock()
        response, failure = await self._call(_authorize, _mapping.to_wire(request), self._options.deadline)
        return self._conclude(response, failure, fingerprint, asked_at)

    async def authorize_batch(self, requests: Sequence[AuthorizationRequest]) -> List[Verdict]:
        """Asks for 1 to 1,000 requests in one call; each is decided by itself, and answered at its place. Raises as ``authorize``."""
        batch = to_batch(requests)
        response, failure = await self._call(_authorize_batch, batch, self._options.batch_deadline)
        return self._conclude_batch(len(requests), response, failure)

    def stream(self) -> AsyncAuthorizationStream:
        """Opens a stream, on which each decision costs less than a call of its own; for sidecars, and for whatever asks all the time.

        Use it as ``async with client.stream() as stream``, from any number of tasks, and as long as the client.
        """
        return AsyncAuthorizationStream(self)

    async def connect(self) -> int:
        """Connects to every address and spends nothing, so that the first decision does not have to within its deadline.

        Waits 2 seconds at most. Answers how many addresses answered; one that does not is tried again by itself.
        """
        self._require_open()
        found = await asyncio.gather(*(self._look(endpoint, CONNECT_WITHIN) for endpoint in self._rotation.endpoints))
        for endpoint, is_there in zip(self._rotation.endpoints, found):
            if not is_there:
                endpoint.failed(CallFailure(FailureKind.UNREACHABLE, "it does not answer.", False), None, self._rotation.has_several)
        return sum(found)

    async def close(self) -> None:
        """Closes the connections. Calls that are under way fail."""
        self._is_closed = True
        if self._loop is not asyncio.get_running_loop():
            return
        for task in tuple(self._background):
            task.cancel()
        for endpoint in self._rotation.endpoints:
            for channel in endpoint.close():
                await channel.close()

    async def __aenter__(self) -> "AsyncDecisionClient":
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        await self.close()

    async def _call(self, start: Any, request: Any, deadline: float) -> Tuple[Any, Optional[ServiceFailure]]:
        self._require_open()
        self._look_after()
        rotation = self._rotation
        ends = time.monotonic() + deadline
        tried: Set[Endpoint] = set()
        failure: Optional[CallFailure] = None
        while True:
            endpoint = rotation.next(tried)
            left = ends - time.monotonic()
            if endpoint is None or (failure is not None and left <= 0):
                return None, to_failure(failure)
            connection: Optional[Connection] = None
            try:
                connection = endpoint.take()
                response = await start(connection)(request, timeout=left, metadata=self._metadata)
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
            endpoint.failed(failure, connection, rotation.has_several)
            if not failure.certainly_unsent:
                return None, to_failure(failure)

    def _look_after(self) -> None:
        for endpoint in self._rotation.endpoints:
            if endpoint.wants_look():
                self._run(self._look(endpoint, PROBE_INTERVAL))

    async def _look(self, endpoint: Endpoint, within: float) -> bool:
        """Asks an address for its health, which spends nothing."""
        connection: Optional[Connection] = None
        is_there = False
        try:
            connection = endpoint.take()
            await connection.health(b"", timeout=within, metadata=self._metadata)
            is_there = True
        except CannotConnect:
            pass
        except grpc.RpcError as error:
            is_there = _failures.answers(error)
        finally:
            endpoint.looked(is_there, connection)
            if connection is not None:
                endpoint.give_back(connection)
        return is_there

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _require_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("The client is closed.")
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None and not self._loop.is_closed():
                raise RuntimeError("The client belongs to another event loop: make one for each loop.")
            if self._loop is not None:
                # Its loop has ended, and its connections with it; a program that runs one loop after another goes on.
                self._rotation = self._new_rotation()
            self._loop = loop
            self._background = set()

    @staticmethod
    def _open_channel(address: Address, tls: Tls) -> grpc.aio.Channel:
        return open_channel(address, tls)

    def _close_channel(self, channel: grpc.aio.Channel) -> None:
        self._run(channel.close())


def open_channel(address: Address, tls: Tls) -> grpc.aio.Channel:
    if address.tls:
        return grpc.aio.secure_channel(address.target, credentials(tls), channel_options(tls))
    return grpc.aio.insecure_channel(address.target, channel_options(Tls()))


def _authorize(connection: Connection) -> Any:
    return connection.authorize


def _authorize_batch(connection: Connection) -> Any:
    return connection.authorize_batch
