"""What both admin clients are: one address, the secret, a deadline."""

import math
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterable, Mapping, Optional, Tuple, Type, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from .. import _addresses, _mapping, _options
from .._addresses import Address
from .._endpoints import log
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


def duration(seconds: float) -> Optional[Duration]:
    if not seconds:
        return None
    whole = math.floor(seconds)
    return Duration(seconds=whole, nanos=round((seconds - whole) * 1e9))


def to_explanation(response: wire.ExplainResponse) -> Explanation:
    return Explanation(_mapping.to_verdict(response.response), response)
