"""Denials by a limit of the key, remembered for a second at most, and never longer than the service says that they hold."""

import hashlib
import os
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Callable, NamedTuple, Optional

from .request import AuthorizationRequest
from .verdict import Reason, Verdict

_LONGEST = 1.0
_KINDS = (Reason.RATE_LIMITED, Reason.QUOTA_EXCEEDED)


class _Denial(NamedTuple):
    verdict: Verdict
    asked_at: float  # From here on it is remembered, so that it ends before the limit is free again.
    answered_at: float  # From here on its durations are counted down, so that nobody comes too early.
    life: float

    def is_over(self, now: float) -> bool:
        # Floating point may make 1.25 - 0.25 a little less than 1: a nanosecond is nothing.
        return now - self.asked_at >= self.life - 1e-9

    def at(self, now: float) -> Verdict:
        passed = now - self.answered_at
        return replace(
            self.verdict,
            remembered=True,
            retry_after=_less(self.verdict.retry_after, passed),
            limits=tuple(replace(limit, reset_after=_less(limit.reset_after, passed)) for limit in self.verdict.limits),
        )


class DenialMemory:
    """Knows requests by keyed hashes alone. Safe to use from any number of threads."""

    def __init__(self, capacity: int, clock: Callable[[], float]) -> None:
        self._capacity = capacity
        self._clock = clock
        self._key = os.urandom(32)
        self._lock = threading.Lock()
        self._denials: "OrderedDict[bytes, _Denial]" = OrderedDict()  # In the order in which they came, about that in which they end.

    def __len__(self) -> int:
        return len(self._denials)

    def covers(self, request: AuthorizationRequest) -> bool:
        """Whether a request has to do with the memory. Who peeks, or makes asking again safe, wants the service's own answer."""
        return self._capacity > 0 and not request.peek and not request.idempotency_key

    def fingerprint(self, request: AuthorizationRequest) -> bytes:
        """A keyed hash of everything in a request that can change its verdict; each text with its length, so that no two share one."""
        # A query decides nothing, so that a client that varies it does not get round the memory; but a signature covers it.
        path = request.path if request.headers else request.path.partition("?")[0]
        texts = [
            request.api_key, request.api_id, request.api_version, request.host, request.method.upper(), path or "/", request.client_ip,
            request.organization_id, str(max(1, request.cost)), "" if request.query_depth is None else str(request.query_depth),
        ]
        for name, value in request.headers:
            texts += (name, value)
        digest = hashlib.blake2b(key=self._key, digest_size=32)
        for text in texts:
            data = text.encode()
            digest.update(len(data).to_bytes(4, "little"))
            digest.update(data)
        return digest.digest()

    def find(self, fingerprint: bytes) -> Optional[Verdict]:
        denial = self._denials.get(fingerprint)
        if denial is None:
            return None
        now = self._clock()
        return None if denial.is_over(now) else denial.at(now)

    def remember(self, fingerprint: bytes, verdict: Verdict, asked_at: float) -> None:
        """Remembers a verdict where it is a denial of the kind that is."""
        # A degraded one was not made by the counters themselves, and a shadowed one is no denial.
        if verdict.allowed or verdict.degraded or verdict.reason not in _KINDS or verdict.failure is not None:
            return
        # Where waiting does not help there is no retry_after; a reset must be seen all the same.
        life = _LONGEST if verdict.retry_after is None else min(verdict.retry_after, _LONGEST)
        now = self._clock()
        denial = _Denial(verdict, asked_at, now, life)
        if denial.is_over(now):
            return
        with self._lock:
            self._denials.pop(fingerprint, None)
            self._denials[fingerprint] = denial
            while len(self._denials) > self._capacity or next(iter(self._denials.values())).is_over(now):
                self._denials.popitem(last=False)


def _less(duration: Optional[float], passed: float) -> Optional[float]:
    return None if duration is None else max(0.0, duration - passed)
