from decision_client._generated.decision.v1 import authorize_pb2 as _authorize_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
REFUSED_BY_API: RefusedBy
REFUSED_BY_KEY: RefusedBy
REFUSED_BY_POLICY: RefusedBy
REFUSED_BY_UNSPECIFIED: RefusedBy
USAGE_SUBJECT_API: UsageSubject
USAGE_SUBJECT_KEY: UsageSubject
USAGE_SUBJECT_POLICY: UsageSubject
USAGE_SUBJECT_UNSPECIFIED: UsageSubject

class DecisionRecord(_message.Message):
    __slots__ = ["alias", "api_id", "api_version", "client_ip", "cost", "decision_id", "degraded", "elapsed", "host", "key_id", "method", "organization_id", "origin", "path", "peek", "policies", "reason", "retry_after", "time", "trace_id"]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLIENT_IP_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PEEK_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    alias: str
    api_id: str
    api_version: str
    client_ip: str
    cost: int
    decision_id: str
    degraded: bool
    elapsed: _duration_pb2.Duration
    host: str
    key_id: str
    method: str
    organization_id: str
    origin: str
    path: str
    peek: bool
    policies: _containers.RepeatedScalarFieldContainer[str]
    reason: _authorize_pb2.Reason
    retry_after: _duration_pb2.Duration
    time: _timestamp_pb2.Timestamp
    trace_id: str
    def __init__(self, decision_id: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[_Union[_authorize_pb2.Reason, str]] = ..., origin: _Optional[str] = ..., key_id: _Optional[str] = ..., organization_id: _Optional[str] = ..., alias: _Optional[str] = ..., policies: _Optional[_Iterable[str]] = ..., api_id: _Optional[str] = ..., api_version: _Optional[str] = ..., method: _Optional[str] = ..., host: _Optional[str] = ..., path: _Optional[str] = ..., client_ip: _Optional[str] = ..., cost: _Optional[int] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., elapsed: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., degraded: bool = ..., peek: bool = ..., trace_id: _Optional[str] = ...) -> None: ...

class FollowRefusalsRequest(_message.Message):
    __slots__ = ["api_id", "key_id", "organization_id", "policy_id", "reasons"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_ID_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    key_id: str
    organization_id: str
    policy_id: str
    reasons: _containers.RepeatedScalarFieldContainer[_authorize_pb2.Reason]
    def __init__(self, organization_id: _Optional[str] = ..., key_id: _Optional[str] = ..., policy_id: _Optional[str] = ..., api_id: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[_authorize_pb2.Reason, str]]] = ...) -> None: ...

class FollowRefusalsResponse(_message.Message):
    __slots__ = ["decision", "missed"]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    decision: DecisionRecord
    missed: int
    def __init__(self, decision: _Optional[_Union[DecisionRecord, _Mapping]] = ..., missed: _Optional[int] = ...) -> None: ...

class GetUsageHistoryRequest(_message.Message):
    __slots__ = ["end", "id", "start", "subject"]
    END_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    end: _timestamp_pb2.Timestamp
    id: str
    start: _timestamp_pb2.Timestamp
    subject: UsageSubject
    def __init__(self, subject: _Optional[_Union[UsageSubject, str]] = ..., id: _Optional[str] = ..., start: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetUsageHistoryResponse(_message.Message):
    __slots__ = ["hours"]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    hours: _containers.RepeatedCompositeFieldContainer[UsageHour]
    def __init__(self, hours: _Optional[_Iterable[_Union[UsageHour, _Mapping]]] = ...) -> None: ...

class ListRefusedRequest(_message.Message):
    __slots__ = ["by", "limit", "organization_id"]
    BY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    by: RefusedBy
    limit: int
    organization_id: str
    def __init__(self, by: _Optional[_Union[RefusedBy, str]] = ..., organization_id: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListRefusedResponse(_message.Message):
    __slots__ = ["refused", "since", "total"]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    refused: _containers.RepeatedCompositeFieldContainer[Refused]
    since: _timestamp_pb2.Timestamp
    total: int
    def __init__(self, refused: _Optional[_Iterable[_Union[Refused, _Mapping]]] = ..., since: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., total: _Optional[int] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ["count", "error", "last_reason", "name", "organization_id"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    LAST_REASON_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    count: int
    error: int
    last_reason: _authorize_pb2.Reason
    name: str
    organization_id: str
    def __init__(self, name: _Optional[str] = ..., organization_id: _Optional[str] = ..., count: _Optional[int] = ..., error: _Optional[int] = ..., last_reason: _Optional[_Union[_authorize_pb2.Reason, str]] = ...) -> None: ...

class UsageHour(_message.Message):
    __slots__ = ["allowed", "refused", "start"]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    allowed: int
    refused: int
    start: _timestamp_pb2.Timestamp
    def __init__(self, start: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., allowed: _Optional[int] = ..., refused: _Optional[int] = ...) -> None: ...

class RefusedBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class UsageSubject(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
