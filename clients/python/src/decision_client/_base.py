"""What both clients are: settings, memory, and the way from an outcome to a verdict."""

import time
from typing import Any, Callable, Iterable, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar, Union

from . import _mapping, _options, _rules
from ._addresses import Address
from ._endpoints import Endpoint, Rotation, log
from ._failures import CallFailure
from ._generated.decision.v1 import authorize_pb2 as wire
from ._memory import DenialMemory
from ._options import Options, Tls
from .request import AuthorizationRequest
from .verdict import FailureKind, FailureMode, ServiceFailure, Verdict

CONNECT_WITHIN = 2.0
METADATA = Sequence[Tuple[str, str]]

_Client = TypeVar("_Client", bound="ClientBase")


class ClientBase:
    """Asks the service over gRPC. One client serves a whole program.

    Each request is put to one address; to another one only where the first certainly did not get it, so that nothing is spent twice.
    """

    def __init__(
        self,
        address: Union[str, Iterable[str]] = _options.DEFAULT_ADDRESS,
        *,
        failure_mode: Union[FailureMode, str] = FailureMode.CLOSED,
        deadline: float = _options.DEFAULT_DEADLINE,
        batch_deadline: float = _options.DEFAULT_BATCH_DEADLINE,
        token: Optional[str] = None,
        tls: Optional[Tls] = None,
        denial_memory_capacity: int = _options.DEFAULT_MEMORY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Makes a client. It connects with its first call, or with ``connect``.

        :param address: ``host:port`` (without TLS), ``http://host:port``, ``https://host:port`` or ``unix:/path``; several, in a list or separated by
            commas, are asked in turn. Default: ``127.0.0.1:50051``.
        :param failure_mode: What the answer is when the service gives none: ``FailureMode.CLOSED`` or ``OPEN``, or these words. Default: closed.
        :param deadline: How long a decision may take, with connecting and all, in seconds; the service is told and stops too. Default: 0.2.
        :param batch_deadline: The same for a whole batch. Default: 5.
        :param token: Sent as ``authorization: Bearer TOKEN``, where the service asks its callers for one. Default: none.
        :param tls: For ``https`` addresses: whose certificates to trust, and which one to show. Default: gRPC's own roots, none.
        :param denial_memory_capacity: How many denials by rate or quota are remembered, each for a second at most; 0 = none. Default: 10,000.
        :param clock: The clock of that memory and of looking after addresses, in seconds; for tests.
        :raises DecisionConfigurationError: Settings are wrong; all of them are named, with what to write.
        """
        self._options: Options = _options.checked(
            address, failure_mode, deadline, batch_deadline, token, tls, denial_memory_capacity, clock
        )
        self._memory = DenialMemory(denial_memory_capacity, clock)
        self._metadata: METADATA = () if token is None else (("authorization", "Bearer " + token),)
        self._is_closed = False
        self._rotation = self._new_rotation()
        if self._options.failure_mode is FailureMode.OPEN:
            log.warning("The failure mode is open: whoever asks passes unchecked while the Decision service does not answer.")
        for each in self._options.addresses:
            if each.is_cleartext:
                log.warning("The Decision service is asked at %s without TLS: keys cross the network in clear. Use https://.", each.text)

    @classmethod
    def from_environment(cls: Type[_Client], environ: Optional[Mapping[str, str]] = None, **settings: Any) -> _Client:
        """Makes a client by what the environment says; ``settings`` count over it.

        ``DECISION_ADDRESS``, ``DECISION_FAILURE_MODE`` (``closed``, ``open``), ``DECISION_DEADLINE`` and ``DECISION_BATCH_DEADLINE`` (``200ms``, ``1s``),
        ``DECISION_TOKEN``, ``DECISION_TLS_CA_FILE``, ``DECISION_TLS_CERTIFICATE_FILE``, ``DECISION_TLS_KEY_FILE``, ``DECISION_TLS_SERVER_NAME``,
        ``DECISION_DENIAL_MEMORY_CAPACITY``.
        """
        return cls(**{**_options.from_environment(environ), **settings})

    def _new_rotation(self) -> Rotation:
        return Rotation([Endpoint(address, self._options, self._open_channel, self._close_channel) for address in self._options.addresses])

    @staticmethod
    def _open_channel(address: Address, tls: Tls) -> Any:
        raise NotImplementedError

    def _close_channel(self, channel: Any) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(address.text for address in self._options.addresses)}>"

    def _recall(self, request: AuthorizationRequest) -> Tuple[Optional[bytes], Optional[Verdict]]:
        """The request's fingerprint, where it has to do with the memory, and what is remembered of it."""
        _rules.require(request)
        if not self._memory.covers(request):
            return None, None
        fingerprint = self._memory.fingerprint(request)
        return fingerprint, self._memory.find(fingerprint)

    def _conclude(
        self, response: Optional[wire.AuthorizeResponse], failure: Optional[ServiceFailure], fingerprint: Optional[bytes], asked_at: float
    ) -> Verdict:
        if response is None:
            return self._of_failure(failure)
        verdict = _mapping.to_verdict(response)
        if fingerprint is not None:
            self._memory.remember(fingerprint, verdict, asked_at)
        return verdict

    def _conclude_batch(self, count: int, response: Optional[wire.AuthorizeBatchResponse], failure: Optional[ServiceFailure]) -> List[Verdict]:
        if response is not None and len(response.responses) != count:
            failure = ServiceFailure(FailureKind.ERROR, f"It answered {len(response.responses)} of {count} requests.", may_have_spent=True)
        elif response is not None:
            return [_mapping.to_verdict(each) for each in response.responses]
        return [self._of_failure(failure)] * count

    def _of_failure(self, failure: Optional[ServiceFailure]) -> Verdict:
        assert failure is not None
        log.debug("Answered by the failure mode %s: %s", self._options.failure_mode.value, failure.detail)
        return _mapping.of_failure(self._options.failure_mode, failure)


def to_batch(requests: Sequence[AuthorizationRequest]) -> wire.AuthorizeBatchRequest:
    _rules.require_all(requests)
    return wire.AuthorizeBatchRequest(requests=[_mapping.to_wire(request) for request in requests])


def to_failure(failure: Optional[CallFailure]) -> ServiceFailure:
    assert failure is not None
    return ServiceFailure(failure.kind, failure.detail, may_have_spent=not failure.certainly_unsent)
