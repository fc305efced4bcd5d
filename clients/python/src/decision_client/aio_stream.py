"""Decisions over one long-lived call, for asyncio."""

import asyncio
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, AsyncIterator, Dict, Optional, Set, Tuple, Type

import grpc

from . import _failures, _mapping
from ._base import to_failure
from ._endpoints import CannotConnect, Connection, Endpoint
from ._failures import CallFailure
from ._generated.decision.v1 import authorize_pb2 as wire
from ._streams import Names, StreamEnded, late, named, over
from .request import AuthorizationRequest
from .verdict import FailureKind, ServiceFailure, Verdict

if TYPE_CHECKING:
    from .aio import AsyncDecisionClient


class AsyncAuthorizationStream:
    """Decisions of one client over one call that stays open: less work for each than a call of its own. Any number of tasks may ask at once; the
    service decides up to 32 at a time, and answers come as they are ready. ``AsyncDecisionClient.stream`` makes it.

    It is opened with the first request, and anew where it ended. Deadline, failure mode and memory are those of the client, but for this: the service
    is not told the deadline.
    """

    def __init__(self, client: "AsyncDecisionClient") -> None:
        self._client = client
        self._call: Optional[_Call] = None
        self._is_closed = False

    async def authorize(self, request: AuthorizationRequest) -> Verdict:
        """Asks whether a request may pass, as ``AsyncDecisionClient.authorize`` does.

        :raises DecisionRequestError: A request is malformed. What only the service sees ends the stream, so that others that wait get this too.
        :raises DecisionCredentialError: The service does not let this client ask.
        """
        client = self._client
        fingerprint, remembered = client._recall(request)
        if remembered is not None:
            return remembered
        asked_at = client._options.clock()
        response, failure = await self._ask(_mapping.to_wire(request), client._options.deadline)
        return client._conclude(response, failure, fingerprint, asked_at)

    async def close(self) -> None:
        """Ends the stream; requests that wait get the answer of the failure mode."""
        self._is_closed = True
        call, self._call = self._call, None
        if call is not None:
            await call.cancel()

    async def __aenter__(self) -> "AsyncAuthorizationStream":
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        await self.close()

    async def _ask(self, request: wire.AuthorizeRequest, deadline: float) -> Tuple[Any, Optional[ServiceFailure]]:
        client = self._client
        client._require_open()
        client._look_after()
        ends = time.monotonic() + deadline
        tried: Set[Endpoint] = set()
        failure: Optional[CallFailure] = None
        while True:
            left = ends - time.monotonic()
            if failure is not None and left <= 0:
                return None, to_failure(failure)
            try:
                call = self._take(tried)
                if call is None:
                    return None, to_failure(failure)
                return await call.ask(request, left), None
            except CannotConnect as error:
                failure = CallFailure(FailureKind.UNREACHABLE, str(error), True)
            except asyncio.TimeoutError:
                assert call is not None
                call.endpoint.failed(late(), None, client._rotation.has_several)
                if client._rotation.has_several:
                    self._leave(call)
                return None, to_failure(late())
            except StreamEnded as ended:
                assert call is not None
                self._leave(call)
                if ended.mistake is not None:
                    raise ended.mistake from ended
                failure = ended.failure
                if not failure.certainly_unsent:
                    return None, to_failure(failure)

    def _take(self, tried: Set[Endpoint]) -> "Optional[_Call]":
        """The call that is open, else one to an address that was not tried; None = all were."""
        if self._is_closed:
            raise RuntimeError("The stream is closed.")
        if self._call is None:
            endpoint = self._client._rotation.next(tried)
            if endpoint is None:
                return None
            self._call = _Call(endpoint, self._client)
        return self._call

    def _leave(self, call: "_Call") -> None:
        """Later requests go to another call; those that wait on this one get their answers."""
        if self._call is call:
            self._call = None
        call.finish()


class _Call:
    """One call, from its opening to its end."""

    def __init__(self, endpoint: Endpoint, client: "AsyncDecisionClient") -> None:
        self.endpoint = endpoint
        self._has_several = client._rotation.has_several
        self._names = Names()
        self._waiting: "Dict[str, asyncio.Future[wire.AuthorizeResponse]]" = {}
        self._requests: "asyncio.Queue[Optional[wire.AuthorizeStreamRequest]]" = asyncio.Queue()
        self._ended: Optional[StreamEnded] = None
        self._connection: Connection = endpoint.take()
        self._stream = self._connection.authorize_stream(self._written(), metadata=client._metadata)
        self._reading = asyncio.ensure_future(self._read())

    async def ask(self, request: wire.AuthorizeRequest, within: float) -> wire.AuthorizeResponse:
        if self._ended is not None:
            raise self._ended.before()
        name = self._names.of(request)
        answer: "asyncio.Future[wire.AuthorizeResponse]" = asyncio.get_running_loop().create_future()
        self._waiting[name] = answer
        self._requests.put_nowait(named(request, name))
        try:
            return await asyncio.wait_for(answer, max(within, 0))
        finally:
            self._waiting.pop(name, None)

    def finish(self) -> None:
        self._requests.put_nowait(None)

    async def cancel(self) -> None:
        self.finish()
        self._stream.cancel()
        await self._reading

    async def _written(self) -> AsyncIterator[wire.AuthorizeStreamRequest]:
        while True:
            request = await self._requests.get()
            if request is None:
                return
            yield request

    async def _read(self) -> None:
        ended = StreamEnded(over())
        try:
            async for response in self._stream:
                self.endpoint.answered()
                answer = self._waiting.pop(response.request_id, None)
                if answer is not None and not answer.done():
                    answer.set_result(response.response)
        except grpc.RpcError as error:
            ended = StreamEnded(_failures.of(error), _failures.mistake(error))
        except asyncio.CancelledError:
            # The call was cancelled, by whoever closed the stream or the client.
            pass
        if ended.mistake is None and (self._waiting or ended.failure.certainly_unsent):
            self.endpoint.failed(ended.failure, self._connection, self._has_several)
        self._ended = ended
        waiting, self._waiting = self._waiting, {}
        self._requests.put_nowait(None)
        self.endpoint.give_back(self._connection)
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(ended)
