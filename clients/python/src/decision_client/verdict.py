"""What the service, or the client in its place, says about a request."""

import enum
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple


class Reason(enum.IntEnum):
    """Why a request is allowed or refused.

    The numbers are those of ``decision.v1.Reason``, but for ``SERVICE_UNAVAILABLE``, which the client alone gives. A number that is not
    named here comes from a newer service and is a denial: ``Reason(99).name`` is ``"99"``.
    """

    SERVICE_UNAVAILABLE = -1  #: The service gave no verdict: the client's failure mode did. 503, or 200 where it is open.
    UNSPECIFIED = 0  #: 403. The service gave no reason: a denial.
    ALLOWED = 1  #: 200.
    KEY_MISSING = 2  #: 401. No key was presented, and the path is not public.
    KEY_UNKNOWN = 3  #: 403. There is no such key.
    KEY_INACTIVE = 4  #: 403. The key, a policy of it or its organisation is inactive.
    KEY_EXPIRED = 5  #: 401.
    POLICY_MISSING = 6  #: 403. A policy of the key does not exist.
    POLICY_INVALID = 7  #: 403. The key's policies cannot be combined.
    POLICY_INACTIVE = 8  #: 403. A policy of the key is not loaded.
    ORGANIZATION_MISMATCH = 9  #: 403. Key, policy, API and the asked organisation are not all of one organisation.
    API_UNKNOWN = 10  #: 404. No API id was given, and host and path match none.
    API_NOT_GRANTED = 11  #: 403.
    VERSION_NOT_GRANTED = 12  #: 403.
    PATH_NOT_GRANTED = 13  #: 403. The key does not grant this path with this method.
    PATH_INVALID = 14  #: 400. The path is one that proxies may read differently.
    IP_NOT_GRANTED = 15  #: 403. The client's address is not among those of the key.
    QUERY_TOO_DEEP = 16  #: 403. The GraphQL query is deeper than the key may use.
    SIGNATURE_INVALID = 17  #: 400. The signature is missing, malformed, too old or wrong.
    RATE_LIMITED = 18  #: 429. The rate limit of the key, or of the endpoint for this key, is reached.
    QUOTA_EXCEEDED = 19  #: 429. The quota of the key is used up.
    API_RATE_LIMITED = 20  #: 429. The rate limit that all keys of the API share is reached.
    ORGANIZATION_RATE_LIMITED = 21  #: 429.
    ORGANIZATION_QUOTA_EXCEEDED = 22  #: 429.
    STORE_UNAVAILABLE = 23  #: 503. The service runs, but its store could not be asked in time.

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    def __str__(self) -> str:
        return self._name_


class FailureMode(enum.Enum):
    """What the answer is when the service gives none: it cannot be reached, is too slow, or fails."""

    CLOSED = "closed"  #: Refused, with HTTP status 503. Nobody passes whom the service did not let pass.
    OPEN = "open"  #: Allowed, without any check, also without a key, for as long as the service does not answer.


class FailureKind(enum.Enum):
    """In which way the service gave no verdict."""

    UNREACHABLE = "unreachable"  #: No address took the call, or the connection broke.
    TIMED_OUT = "timed_out"  #: The deadline passed.
    ERROR = "error"  #: It answered with an error, or with what makes no sense.


@dataclass(frozen=True)
class ServiceFailure:
    """Why the service gave no verdict."""

    kind: FailureKind
    detail: str  #: The same for people and logs; not for the client of your API.
    may_have_spent: bool  #: False = the request certainly reached no decision. True = nobody knows: it may have been counted.


@dataclass(frozen=True)
class PolicyReference:
    """A policy as it was applied."""

    id: str
    revision: int  #: 1 when it was created, one more with each change; 0 = it comes from a file.


@dataclass(frozen=True)
class LimitStatus:
    """One limit, and how much of it is left."""

    name: str  #: ``rate`` or ``quota``.
    scope: str  #: Which counter: ``key``, ``policy:ID``, ``api:ID``, ``endpoint:API:METHOD:PATTERN``; shared: ``api_wide:ID``, ``organization``.
    limit: int  #: The most that is allowed in a period, in units. -1 = unlimited.
    remaining: int  #: What is left after this request, in units. -1 = unlimited.
    period: Optional[float] = None  #: Its length in seconds; of a calendar period, that of the current one. None = it never renews, or is unlimited.
    reset_after: Optional[float] = None  #: Seconds until the limit is whole again if nothing more is spent. None = nothing is used, or it never renews.
    denied: bool = False  #: True = this limit refuses the request. Several may.
    origin: str = ""  #: Where the limit was written: a policy id, or ``key``, ``api`` or ``organization``.
    quota_period: str = ""  #: The part of the calendar that a quota goes by: ``hour``, ``day``, ``week`` or ``month``. Empty = a length of time counts, or none.


@dataclass(frozen=True)
class Verdict:
    """May the request pass, why, and what the client should be told. In a condition it is true where it allows."""

    allowed: bool  #: True = let the request through. The only thing to decide by.
    reason: Reason
    http_status: int  #: The HTTP status to send: 200 where allowed, else 400 to 599.
    message: str = ""  #: The denial as a sentence for the client; empty where allowed. Programs go by ``reason``.
    origin: str = ""  #: What decided a denial: a policy id, or ``key``, ``api`` or ``organization``. Not for the client.
    key_id: str = ""  #: Safe to log. Empty = no key was found, or none was needed.
    organization_id: str = ""
    alias: str = ""
    tags: Tuple[str, ...] = ()
    policies: Tuple[PolicyReference, ...] = ()
    limits: Tuple[LimitStatus, ...] = ()  #: Every limit that was tested, in the order of the decision, with its use after this request.
    retry_after: Optional[float] = None  #: Seconds until the same request can be allowed. None = allowed, or waiting does not help.
    metadata: Optional[Mapping[str, Any]] = None  #: Of the key and its policies. None = none.
    decision_id: str = ""  #: As in the service's logs. Empty where the failure mode answered.
    max_query_depth: int = 0  #: The greatest GraphQL depth that the key may use on this API, in levels. 0 or -1 = unlimited.
    degraded: bool = False  #: True = the service's counters failed, and the policy's ``on_store_failure`` stood in for them.
    missing_policies: Tuple[str, ...] = ()  #: Policies that the key names and that were skipped since they are not loaded.
    shadowed_reason: Optional[Reason] = None  #: What would have refused the request, where a policy or the service runs in shadow mode.
    remembered: bool = False  #: True = not asked: the service refused the same request less than a second ago.
    failure: Optional[ServiceFailure] = None  #: What went wrong, where the failure mode answered. None = the service answered.

    def __bool__(self) -> bool:
        return self.allowed
