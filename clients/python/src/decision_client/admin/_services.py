"""What a group of admin calls is: a stub, and the call that turns its errors into this package's."""

from typing import Any, Callable

Call = Callable[[Any, Any], Any]


class Service:
    """For threads."""

    def __init__(self, stub: Any, call: Call) -> None:
        self._stub = stub
        self._call = call


class AsyncService:
    """For asyncio: the stub is made where the event loop runs."""

    def __init__(self, open_stub: Callable[[], Any], call: Call) -> None:
        self._open_stub = open_stub
        self._call = call

    @property
    def _stub(self) -> Any:
        return self._open_stub()
