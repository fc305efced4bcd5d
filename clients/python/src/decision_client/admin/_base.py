"""What both admin clients are: one address, the secret, a deadline."""

import math
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, AsyncIterator, Callable, Dict, Iterable, Iterator, Mapping, Optional, Tuple, Type, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from .. import _addresses, _mapping, _options
from .._addresses import Address
from .._endpoints import log
from .._generated.decision.admin.v1 import activity_pb2
from .._generated.decision.v1 import authorize_pb2 as wire
from .._options import Tls
from ..errors import DecisionConfigurationError
from ..verdict import Verdict

DEFAULT_DEADLINE = 10.0
_LONGEST_DEADLINE = 600.0

_Client = TypeVar("_Client", bound="AdminBase")


@dataclass(frozen=True)
class Explanation:
    """What would be decided, and how it comes to that. Nothing was spent."""

    verdict: Verdict
    response: wire.ExplainResponse  #: Every step, limit and policy; see ``protos/decision/v1/authorize.proto``.


class Service:
    """The calls of one service; ``call`` makes one, ``many`` one with many answers."""

    def __init__(self, open_stub: Callable[[], Any], call: Callable[[Any, Any], Any], many: Callable[[Any, Any], Any]) -> None:
        self._open_stub = open_stub
        self._call = call
        self._many = many

    @property
    def _stub(self) -> Any:
        return self._open_stub()

    # Both ask for nothing before the first item is wanted, and for a page when the one before it is used up.

    def _pages(self, method: str, request: Any, items: str) -> Iterator[Any]:
        """The items of every page that the method named ``method`` lists."""
        while True:
            page = self._call(getattr(self._stub, method), request)
            yield from getattr(page, items)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def _awaited_pages(self, method: str, request: Any, items: str) -> AsyncIterator[Any]:
        """As ``_pages``, where calls are awaited."""
        while True:
            page = await self._call(getattr(self._stub, method), request)
            for each in getattr(page, items):
                yield each
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


class AdminBase:
    """Administers one Decision service. Each call raises ``AdminError``, with every field that is wrong, where it is refused."""

    def __init__(
        self,
        address: str = _options.DEFAULT_ADDRESS,
        *,
        secret: Optional[str] = None,
        deadline: float = DEFAULT_DEADLINE,
        tls: Optional[Tls] = None,
    ) -> None:
        """Makes a client, which connects with its first call.

        :param address: One address, as of ``DecisionClient``.
        :param secret: The admin secret; at the service's first start it is written to ``admin-secret`` in its data folder.
        :param deadline: How long a call may take, in seconds. Default: 10.
        :param tls: For ``https`` addresses.
        :raises DecisionConfigurationError: Settings are wrong; all of them are named, with what to write.
        """
        addresses, problems = _addresses.parse(address)
        if len(addresses) > 1:
            problems.append("address has several addresses: an admin client takes one.")
        if secret is None:
            problems.append("secret is missing: give the service's admin secret.")
        _options.check_token("secret", secret, problems)
        if not isinstance(deadline, (int, float)) or not math.isfinite(deadline) or not 0 < deadline <= _LONGEST_DEADLINE:
            problems.append(f"deadline is {deadline}: write more than 0 to {_LONGEST_DEADLINE:g} seconds.")
        _options.check_tls(tls, addresses, problems)
        if problems:
            raise DecisionConfigurationError(problems)
        self._address: Address = addresses[0]
        self._tls = tls or Tls()
        self._deadline = float(deadline)
        self._metadata: Tuple[Tuple[str, str], ...] = (("authorization", f"Bearer {secret}"),)
        if self._address.is_cleartext:
            log.warning("The Decision service is administered at %s without TLS: the secret crosses the network in clear.", self._address.text)
        self._begin()

    @classmethod
    def from_environment(cls: Type[_Client], environ: Optional[Mapping[str, str]] = None, **settings: Any) -> _Client:
        """Makes a client by ``DECISION_ADDRESS``, of several the first; ``DECISION_ADMIN_SECRET``, or ``DECISION_ADMIN_SECRET_FILE`` with the name of
        a file that has it; and ``DECISION_TLS_...``. ``settings`` count over them."""
        variables = os.environ if environ is None else environ
        arguments: Dict[str, Any] = {}
        addresses = [part.strip() for part in variables.get("DECISION_ADDRESS", "").split(",") if part.strip()]
        if addresses:
            arguments["address"] = addresses[0]
        secret, file = variables.get("DECISION_ADMIN_SECRET"), variables.get("DECISION_ADMIN_SECRET_FILE")
        if secret:
            arguments["secret"] = secret
        elif file and "secret" not in settings:
            try:
                with open(file, encoding="utf-8") as stream:
                    arguments["secret"] = stream.read().strip()
            except OSError as error:
                raise DecisionConfigurationError([f"DECISION_ADMIN_SECRET_FILE is '{file}', which cannot be read ({error.strerror})."]) from error
        tls = _options.tls_from_environment(variables)
        if tls is not None:
            arguments["tls"] = tls
        return cls(**{**arguments, **settings})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._address.text}>"

    def _begin(self) -> None:
        raise NotImplementedError


def mask(fields: Optional[Iterable[str]]) -> Optional[FieldMask]:
    """None = the fields that are not empty."""
    if fields is None:
        return None
    return FieldMask(paths=[fields] if isinstance(fields, str) else list(fields))


def usage_subject(key_id: str, policy_id: str, api_id: str) -> "Tuple[activity_pb2.UsageSubject, str]":
    named = [
        (subject, name)
        for subject, name in (
            (activity_pb2.USAGE_SUBJECT_KEY, key_id), (activity_pb2.USAGE_SUBJECT_POLICY, policy_id), (activity_pb2.USAGE_SUBJECT_API, api_id),
        )
        if name
    ]
    if len(named) != 1:
        raise ValueError("Name one of key_id, policy_id and api_id.")
    return named[0]


def moment(time: Optional[datetime]) -> Optional[Timestamp]:
    """One without a time zone is UTC."""
    if time is None:
        return None
    timestamp = Timestamp()
    timestamp.FromDatetime(time)
    return timestamp


def duration(seconds: float) -> Optional[Duration]:
    if not seconds:
        return None
    whole = math.floor(seconds)
    return Duration(seconds=whole, nanos=round((seconds - whole) * 1e9))


def to_explanation(response: wire.ExplainResponse) -> Explanation:
    return Explanation(_mapping.to_verdict(response.response), response)
