"""Both clients under one face, so that each case is tried with each."""

import asyncio
from concurrent import futures
from typing import Any, Callable, Coroutine, List, Sequence

from decision_client import AsyncDecisionClient, AuthorizationRequest, DecisionClient, Verdict
from decision_client.admin import AdminClient, AsyncAdminClient, Explanation


class Threads:
    """The clients for threads."""

    def __init__(self, address: Sequence[str], **settings: Any) -> None:
        self.client = DecisionClient(address, **settings)

    def authorize(self, request: AuthorizationRequest) -> Verdict:
        return self.client.authorize(request)

    def batch(self, requests: Sequence[AuthorizationRequest]) -> List[Verdict]:
        return self.client.authorize_batch(requests)

    def parallel(self, request: AuthorizationRequest, count: int) -> List[Verdict]:
        with futures.ThreadPoolExecutor(min(count, 32)) as pool:
            return list(pool.map(self.client.authorize, [request] * count))

    def open_stream(self) -> None:
        self._stream = self.client.stream()

    def ask_on_stream(self, *requests: AuthorizationRequest) -> List[Verdict]:
        with futures.ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(self._stream.authorize, requests))

    def close_stream(self) -> None:
        self._stream.close()

    def connect(self) -> int:
        return self.client.connect()

    def admin(self, address: str, secret: str, act: Callable[[Any], Any]) -> Any:
        with AdminClient(address, secret=secret, deadline=30) as client:
            answer = act(client)
            return list(answer) if hasattr(answer, "__next__") else answer

    def explain(self, address: str, secret: str, request: AuthorizationRequest) -> Explanation:
        with AdminClient(address, secret=secret, deadline=30) as client:
            return client.explain(request)

    def close(self) -> None:
        self.client.close()


class Asyncio:
    """The clients for asyncio."""

    def __init__(self, address: Sequence[str], **settings: Any) -> None:
        self.client = AsyncDecisionClient(address, **settings)
        self._loop = asyncio.new_event_loop()

    def authorize(self, request: AuthorizationRequest) -> Verdict:
        return self._run(self.client.authorize(request))  # type: ignore[no-any-return]

    def batch(self, requests: Sequence[AuthorizationRequest]) -> List[Verdict]:
        return self._run(self.client.authorize_batch(requests))  # type: ignore[no-any-return]

    def parallel(self, request: AuthorizationRequest, count: int) -> List[Verdict]:
        async def all_at_once() -> List[Verdict]:
            return list(await asyncio.gather(*(self.client.authorize(request) for _ in range(count))))

        return self._run(all_at_once())  # type: ignore[no-any-return]

    def open_stream(self) -> None:
        self._stream = self.client.stream()

    def ask_on_stream(self, *requests: AuthorizationRequest) -> List[Verdict]:
        async def all_at_once() -> List[Verdict]:
            return list(await asyncio.gather(*(self._stream.authorize(request) for request in requests)))

        return self._run(all_at_once())  # type: ignore[no-any-return]

    def close_stream(self) -> None:
        self._run(self._stream.close())

    def connect(self) -> int:
        return self._run(self.client.connect())  # type: ignore[no-any-return]

    def admin(self, address: str, secret: str, act: Callable[[Any], Any]) -> Any:
        async def acted() -> Any:
            async with AsyncAdminClient(address, secret=secret, deadline=30) as client:
                answer = act(client)
                return [each async for each in answer] if hasattr(answer, "__anext__") else await answer

        return self._run(acted())

    def explain(self, address: str, secret: str, request: AuthorizationRequest) -> Explanation:
        async def explained() -> Explanation:
            async with AsyncAdminClient(address, secret=secret, deadline=30) as client:
                return await client.explain(request)

        return self._run(explained())  # type: ignore[no-any-return]

    def close(self) -> None:
        self._run(self.client.close())
        self._run(asyncio.sleep(0))
        self._loop.close()

    def _run(self, work: "Coroutine[Any, Any, Any]") -> Any:
        return self._loop.run_until_complete(work)
