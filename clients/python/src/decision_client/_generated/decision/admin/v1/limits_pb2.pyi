from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EndpointLimit(_message.Message):
    __slots__ = ["burst", "per", "rate", "rate_algorithm"]
    BURST_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    RATE_ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    burst: int
    per: float
    rate: float
    rate_algorithm: str
    def __init__(self, rate: _Optional[float] = ..., per: _Optional[float] = ..., rate_algorithm: _Optional[str] = ..., burst: _Optional[int] = ...) -> None: ...

class EndpointLimits(_message.Message):
    __slots__ = ["extra_fields", "methods", "path"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    methods: _containers.RepeatedCompositeFieldContainer[EndpointMethod]
    path: str
    def __init__(self, path: _Optional[str] = ..., methods: _Optional[_Iterable[_Union[EndpointMethod, _Mapping]]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class EndpointMethod(_message.Message):
    __slots__ = ["extra_fields", "limit", "name"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    limit: EndpointLimit
    name: str
    def __init__(self, name: _Optional[str] = ..., limit: _Optional[_Union[EndpointLimit, _Mapping]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class LimitBlock(_message.Message):
    __slots__ = ["burst", "extra_fields", "max_query_depth", "per", "quota_max", "quota_period", "quota_remaining", "quota_renewal_rate", "quota_renews", "quota_time_zone", "rate", "rate_algorithm", "smoothing", "throttle_interval", "throttle_retry_limit"]
    BURST_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    QUOTA_MAX_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_REMAINING_FIELD_NUMBER: _ClassVar[int]
    QUOTA_RENEWAL_RATE_FIELD_NUMBER: _ClassVar[int]
    QUOTA_RENEWS_FIELD_NUMBER: _ClassVar[int]
    QUOTA_TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    RATE_ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    SMOOTHING_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_RETRY_LIMIT_FIELD_NUMBER: _ClassVar[int]
    burst: int
    extra_fields: _struct_pb2.Struct
    max_query_depth: int
    per: float
    quota_max: int
    quota_period: str
    quota_remaining: int
    quota_renewal_rate: int
    quota_renews: int
    quota_time_zone: str
    rate: float
    rate_algorithm: str
    smoothing: Smoothing
    throttle_interval: float
    throttle_retry_limit: int
    def __init__(self, rate: _Optional[float] = ..., per: _Optional[float] = ..., rate_algorithm: _Optional[str] = ..., burst: _Optional[int] = ..., quota_max: _Optional[int] = ..., quota_renewal_rate: _Optional[int] = ..., quota_period: _Optional[str] = ..., quota_time_zone: _Optional[str] = ..., quota_renews: _Optional[int] = ..., quota_remaining: _Optional[int] = ..., throttle_interval: _Optional[float] = ..., throttle_retry_limit: _Optional[int] = ..., max_query_depth: _Optional[int] = ..., smoothing: _Optional[_Union[Smoothing, _Mapping]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class Smoothing(_message.Message):
    __slots__ = ["delay", "enabled", "step", "threshold", "trigger"]
    DELAY_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    delay: int
    enabled: bool
    step: int
    threshold: int
    trigger: float
    def __init__(self, enabled: bool = ..., threshold: _Optional[int] = ..., trigger: _Optional[float] = ..., step: _Optional[int] = ..., delay: _Optional[int] = ...) -> None: ...
