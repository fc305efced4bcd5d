from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
EXPLAIN_OUTCOME_DENIED: ExplainOutcome
EXPLAIN_OUTCOME_PASSED: ExplainOutcome
EXPLAIN_OUTCOME_SKIPPED: ExplainOutcome
EXPLAIN_OUTCOME_UNSPECIFIED: ExplainOutcome
REASON_ALLOWED: Reason
REASON_API_NOT_GRANTED: Reason
REASON_API_RATE_LIMITED: Reason
REASON_API_UNKNOWN: Reason
REASON_IP_NOT_GRANTED: Reason
REASON_KEY_EXPIRED: Reason
REASON_KEY_INACTIVE: Reason
REASON_KEY_MISSING: Reason
REASON_KEY_UNKNOWN: Reason
REASON_ORGANIZATION_MISMATCH: Reason
REASON_ORGANIZATION_QUOTA_EXCEEDED: Reason
REASON_ORGANIZATION_RATE_LIMITED: Reason
REASON_PATH_INVALID: Reason
REASON_PATH_NOT_GRANTED: Reason
REASON_POLICY_INACTIVE: Reason
REASON_POLICY_INVALID: Reason
REASON_POLICY_MISSING: Reason
REASON_QUERY_TOO_DEEP: Reason
REASON_QUOTA_EXCEEDED: Reason
REASON_RATE_LIMITED: Reason
REASON_SIGNATURE_INVALID: Reason
REASON_STORE_UNAVAILABLE: Reason
REASON_UNSPECIFIED: Reason
REASON_VERSION_NOT_GRANTED: Reason

class AppliedPolicy(_message.Message):
    __slots__ = ["applied", "covers", "finding", "id", "revision", "source"]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    COVERS_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    applied: bool
    covers: _containers.RepeatedScalarFieldContainer[str]
    finding: str
    id: str
    revision: int
    source: str
    def __init__(self, id: _Optional[str] = ..., revision: _Optional[int] = ..., source: _Optional[str] = ..., applied: bool = ..., covers: _Optional[_Iterable[str]] = ..., finding: _Optional[str] = ...) -> None: ...

class AuthorizeBatchRequest(_message.Message):
    __slots__ = ["requests"]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[AuthorizeRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[AuthorizeRequest, _Mapping]]] = ...) -> None: ...

class AuthorizeBatchResponse(_message.Message):
    __slots__ = ["responses"]
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[AuthorizeResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[AuthorizeResponse, _Mapping]]] = ...) -> None: ...

class AuthorizeRequest(_message.Message):
    __slots__ = ["api_id", "api_key", "api_version", "client_ip", "cost", "headers", "host", "idempotency_key", "method", "organization_id", "path", "peek", "query_depth", "request_id"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLIENT_IP_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PEEK_FIELD_NUMBER: _ClassVar[int]
    QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    api_key: str
    api_version: str
    client_ip: str
    cost: int
    headers: _containers.RepeatedCompositeFieldContainer[Header]
    host: str
    idempotency_key: str
    method: str
    organization_id: str
    path: str
    peek: bool
    query_depth: int
    request_id: str
    def __init__(self, api_key: _Optional[str] = ..., api_id: _Optional[str] = ..., api_version: _Optional[str] = ..., method: _Optional[str] = ..., path: _Optional[str] = ..., host: _Optional[str] = ..., cost: _Optional[int] = ..., client_ip: _Optional[str] = ..., request_id: _Optional[str] = ..., headers: _Optional[_Iterable[_Union[Header, _Mapping]]] = ..., query_depth: _Optional[int] = ..., organization_id: _Optional[str] = ..., peek: bool = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class AuthorizeResponse(_message.Message):
    __slots__ = ["alias", "allowed", "decision_id", "degraded", "http_status", "key_id", "limits", "max_query_depth", "message", "metadata", "missing_policies", "organization_id", "origin", "policies", "reason", "retry_after", "shadowed_reason", "tags"]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    HTTP_STATUS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MAX_QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    MISSING_POLICIES_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    SHADOWED_REASON_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    alias: str
    allowed: bool
    decision_id: str
    degraded: bool
    http_status: int
    key_id: str
    limits: _containers.RepeatedCompositeFieldContainer[LimitStatus]
    max_query_depth: int
    message: str
    metadata: _struct_pb2.Struct
    missing_policies: _containers.RepeatedScalarFieldContainer[str]
    organization_id: str
    origin: str
    policies: _containers.RepeatedCompositeFieldContainer[PolicyReference]
    reason: Reason
    retry_after: _duration_pb2.Duration
    shadowed_reason: Reason
    tags: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, allowed: bool = ..., reason: _Optional[_Union[Reason, str]] = ..., http_status: _Optional[int] = ..., message: _Optional[str] = ..., origin: _Optional[str] = ..., key_id: _Optional[str] = ..., organization_id: _Optional[str] = ..., alias: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., policies: _Optional[_Iterable[_Union[PolicyReference, _Mapping]]] = ..., limits: _Optional[_Iterable[_Union[LimitStatus, _Mapping]]] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., decision_id: _Optional[str] = ..., max_query_depth: _Optional[int] = ..., degraded: bool = ..., missing_policies: _Optional[_Iterable[str]] = ..., shadowed_reason: _Optional[_Union[Reason, str]] = ...) -> None: ...

class AuthorizeStreamRequest(_message.Message):
    __slots__ = ["request"]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: AuthorizeRequest
    def __init__(self, request: _Optional[_Union[AuthorizeRequest, _Mapping]] = ...) -> None: ...

class AuthorizeStreamResponse(_message.Message):
    __slots__ = ["request_id", "response"]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    response: AuthorizeResponse
    def __init__(self, response: _Optional[_Union[AuthorizeResponse, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ExplainLimit(_message.Message):
    __slots__ = ["cost", "field", "limit", "name", "origin", "period", "quota_period", "remaining", "scope", "used", "would_deny"]
    COST_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    WOULD_DENY_FIELD_NUMBER: _ClassVar[int]
    cost: int
    field: str
    limit: int
    name: str
    origin: str
    period: _duration_pb2.Duration
    quota_period: str
    remaining: int
    scope: str
    used: int
    would_deny: bool
    def __init__(self, name: _Optional[str] = ..., scope: _Optional[str] = ..., origin: _Optional[str] = ..., field: _Optional[str] = ..., limit: _Optional[int] = ..., period: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., cost: _Optional[int] = ..., used: _Optional[int] = ..., remaining: _Optional[int] = ..., would_deny: bool = ..., quota_period: _Optional[str] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ["key_id", "request"]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    request: AuthorizeRequest
    def __init__(self, request: _Optional[_Union[AuthorizeRequest, _Mapping]] = ..., key_id: _Optional[str] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ["limits", "policies", "response", "steps", "would_spend"]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    WOULD_SPEND_FIELD_NUMBER: _ClassVar[int]
    limits: _containers.RepeatedCompositeFieldContainer[ExplainLimit]
    policies: _containers.RepeatedCompositeFieldContainer[AppliedPolicy]
    response: AuthorizeResponse
    steps: _containers.RepeatedCompositeFieldContainer[ExplainStep]
    would_spend: _containers.RepeatedCompositeFieldContainer[ExplainSpend]
    def __init__(self, response: _Optional[_Union[AuthorizeResponse, _Mapping]] = ..., steps: _Optional[_Iterable[_Union[ExplainStep, _Mapping]]] = ..., limits: _Optional[_Iterable[_Union[ExplainLimit, _Mapping]]] = ..., policies: _Optional[_Iterable[_Union[AppliedPolicy, _Mapping]]] = ..., would_spend: _Optional[_Iterable[_Union[ExplainSpend, _Mapping]]] = ...) -> None: ...

class ExplainSpend(_message.Message):
    __slots__ = ["name", "scope", "units"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    name: str
    scope: str
    units: int
    def __init__(self, name: _Optional[str] = ..., scope: _Optional[str] = ..., units: _Optional[int] = ...) -> None: ...

class ExplainStep(_message.Message):
    __slots__ = ["finding", "name", "outcome", "reason"]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    finding: str
    name: str
    outcome: ExplainOutcome
    reason: Reason
    def __init__(self, name: _Optional[str] = ..., outcome: _Optional[_Union[ExplainOutcome, str]] = ..., reason: _Optional[_Union[Reason, str]] = ..., finding: _Optional[str] = ...) -> None: ...

class Header(_message.Message):
    __slots__ = ["name", "value"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class LimitStatus(_message.Message):
    __slots__ = ["denied", "limit", "name", "origin", "period", "quota_period", "remaining", "reset_after", "scope"]
    DENIED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    RESET_AFTER_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    denied: bool
    limit: int
    name: str
    origin: str
    period: _duration_pb2.Duration
    quota_period: str
    remaining: int
    reset_after: _duration_pb2.Duration
    scope: str
    def __init__(self, name: _Optional[str] = ..., scope: _Optional[str] = ..., limit: _Optional[int] = ..., remaining: _Optional[int] = ..., period: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., reset_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., denied: bool = ..., origin: _Optional[str] = ..., quota_period: _Optional[str] = ...) -> None: ...

class PolicyReference(_message.Message):
    __slots__ = ["id", "revision"]
    ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    id: str
    revision: int
    def __init__(self, id: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ExplainOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
