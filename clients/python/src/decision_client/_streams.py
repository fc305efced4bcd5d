"""What both streams are: names for requests, and what a stream that ended means for those that wait."""

import itertools
from typing import Iterator, Optional

from ._failures import CallFailure
from ._generated.decision.v1 import authorize_pb2 as wire
from .errors import DecisionError
from .verdict import FailureKind

LATE = "The deadline passed without an answer on the stream."
OVER = "The stream ended without an answer."


class StreamEnded(Exception):
    """The call that a request was to be decided on is over."""

    def __init__(self, failure: CallFailure, mistake: Optional[DecisionError] = None) -> None:
        super().__init__(failure.detail)
        self.failure = failure
        self.mistake = mistake

    def before(self) -> "StreamEnded":
        """The same for a request that was not sent on it any more."""
        return StreamEnded(self.failure._replace(certainly_unsent=True))


class Names:
    """Makes the request ids of one call unique, and leaves the caller's own readable in them, for logs and traces."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count(1)

    def of(self, request: wire.AuthorizeRequest) -> str:
        number = next(self._numbers)
        return f"{number}:{request.request_id}" if request.request_id else str(number)


def named(request: wire.AuthorizeRequest, name: str) -> wire.AuthorizeStreamRequest:
    named_request = wire.AuthorizeStreamRequest(request=request)
    named_request.request.request_id = name
    return named_request


def late() -> CallFailure:
    return CallFailure(FailureKind.TIMED_OUT, LATE, False)


def over() -> CallFailure:
    return CallFailure(FailureKind.UNREACHABLE, OVER, False)
