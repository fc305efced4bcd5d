from decision_client._generated.decision.admin.v1 import access_pb2 as _access_pb2
from decision_client._generated.decision.admin.v1 import findings_pb2 as _findings_pb2
from decision_client._generated.decision.admin.v1 import limits_pb2 as _limits_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
KEY_VIEW_EFFECTIVE: KeyView
KEY_VIEW_STORED: KeyView
KEY_VIEW_UNSPECIFIED: KeyView

class AdjustUsageRequest(_message.Message):
    __slots__ = ["api_id", "delta", "key_id", "scope"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    delta: int
    key_id: str
    scope: str
    def __init__(self, key_id: _Optional[str] = ..., scope: _Optional[str] = ..., api_id: _Optional[str] = ..., delta: _Optional[int] = ...) -> None: ...

class AdjustUsageResponse(_message.Message):
    __slots__ = ["usage"]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    usage: Usage
    def __init__(self, usage: _Optional[_Union[Usage, _Mapping]] = ...) -> None: ...

class CreateKeyRequest(_message.Message):
    __slots__ = ["api_key", "key"]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: str
    key: Key
    def __init__(self, key: _Optional[_Union[Key, _Mapping]] = ..., api_key: _Optional[str] = ...) -> None: ...

class CreateKeyResponse(_message.Message):
    __slots__ = ["api_key", "findings", "key", "key_hash", "key_id"]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_HASH_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    api_key: str
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    key: Key
    key_hash: str
    key_id: str
    def __init__(self, api_key: _Optional[str] = ..., key_id: _Optional[str] = ..., key_hash: _Optional[str] = ..., key: _Optional[_Union[Key, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...

class DeleteKeyRequest(_message.Message):
    __slots__ = ["etag", "key_id"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    etag: str
    key_id: str
    def __init__(self, key_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteKeyResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class FindKeyRequest(_message.Message):
    __slots__ = ["api_key"]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: str
    def __init__(self, api_key: _Optional[str] = ...) -> None: ...

class FindKeyResponse(_message.Message):
    __slots__ = ["key_id"]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    def __init__(self, key_id: _Optional[str] = ...) -> None: ...

class GetKeyRequest(_message.Message):
    __slots__ = ["key_id", "view"]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    view: KeyView
    def __init__(self, key_id: _Optional[str] = ..., view: _Optional[_Union[KeyView, str]] = ...) -> None: ...

class GetKeyResponse(_message.Message):
    __slots__ = ["findings", "key"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    key: Key
    def __init__(self, key: _Optional[_Union[Key, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...

class GetUsageRequest(_message.Message):
    __slots__ = ["key_id"]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    def __init__(self, key_id: _Optional[str] = ...) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ["usages"]
    USAGES_FIELD_NUMBER: _ClassVar[int]
    usages: _containers.RepeatedCompositeFieldContainer[Usage]
    def __init__(self, usages: _Optional[_Iterable[_Union[Usage, _Mapping]]] = ...) -> None: ...

class Key(_message.Message):
    __slots__ = ["access_rights", "alias", "allowance", "allowed_ips", "apply_policies", "apply_policy_id", "burst", "certificate", "date_created", "enable_http_signature_validation", "enforcement", "etag", "expires", "extra_fields", "hmac_enabled", "hmac_string", "is_inactive", "key_hashes", "key_id", "last_check", "last_updated", "limits_mode", "max_query_depth", "meta_data", "monitor", "oauth_client_id", "on_store_failure", "on_store_failure_quota", "on_store_failure_rate", "org_id", "per", "post_expiry_action", "post_expiry_grace_period", "quota_max", "quota_period", "quota_remaining", "quota_renewal_rate", "quota_renews", "quota_time_zone", "rate", "rate_algorithm", "rsa_certificate_id", "session_lifetime", "smoothing", "tags", "throttle_interval", "throttle_retry_limit"]
    class AccessRightsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _access_pb2.AccessRight
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_access_pb2.AccessRight, _Mapping]] = ...) -> None: ...
    ACCESS_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    ALLOWANCE_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_IPS_FIELD_NUMBER: _ClassVar[int]
    APPLY_POLICIES_FIELD_NUMBER: _ClassVar[int]
    APPLY_POLICY_ID_FIELD_NUMBER: _ClassVar[int]
    BURST_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    DATE_CREATED_FIELD_NUMBER: _ClassVar[int]
    ENABLE_HTTP_SIGNATURE_VALIDATION_FIELD_NUMBER: _ClassVar[int]
    ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    HMAC_ENABLED_FIELD_NUMBER: _ClassVar[int]
    HMAC_STRING_FIELD_NUMBER: _ClassVar[int]
    IS_INACTIVE_FIELD_NUMBER: _ClassVar[int]
    KEY_HASHES_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_CHECK_FIELD_NUMBER: _ClassVar[int]
    LAST_UPDATED_FIELD_NUMBER: _ClassVar[int]
    LIMITS_MODE_FIELD_NUMBER: _ClassVar[int]
    MAX_QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    META_DATA_FIELD_NUMBER: _ClassVar[int]
    MONITOR_FIELD_NUMBER: _ClassVar[int]
    OAUTH_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_QUOTA_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_RATE_FIELD_NUMBER: _ClassVar[int]
    ORG_ID_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    POST_EXPIRY_ACTION_FIELD_NUMBER: _ClassVar[int]
    POST_EXPIRY_GRACE_PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_MAX_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_REMAINING_FIELD_NUMBER: _ClassVar[int]
    QUOTA_RENEWAL_RATE_FIELD_NUMBER: _ClassVar[int]
    QUOTA_RENEWS_FIELD_NUMBER: _ClassVar[int]
    QUOTA_TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    RATE_ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    RSA_CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_LIFETIME_FIELD_NUMBER: _ClassVar[int]
    SMOOTHING_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_RETRY_LIMIT_FIELD_NUMBER: _ClassVar[int]
    access_rights: _containers.MessageMap[str, _access_pb2.AccessRight]
    alias: str
    allowance: float
    allowed_ips: _containers.RepeatedScalarFieldContainer[str]
    apply_policies: _containers.RepeatedScalarFieldContainer[str]
    apply_policy_id: str
    burst: int
    certificate: str
    date_created: _timestamp_pb2.Timestamp
    enable_http_signature_validation: bool
    enforcement: str
    etag: str
    expires: int
    extra_fields: _struct_pb2.Struct
    hmac_enabled: bool
    hmac_string: str
    is_inactive: bool
    key_hashes: _containers.RepeatedCompositeFieldContainer[KeyHash]
    key_id: str
    last_check: int
    last_updated: str
    limits_mode: str
    max_query_depth: int
    meta_data: _struct_pb2.Struct
    monitor: UsageMonitor
    oauth_client_id: str
    on_store_failure: str
    on_store_failure_quota: str
    on_store_failure_rate: str
    org_id: str
    per: float
    post_expiry_action: str
    post_expiry_grace_period: int
    quota_max: int
    quota_period: str
    quota_remaining: int
    quota_renewal_rate: int
    quota_renews: int
    quota_time_zone: str
    rate: float
    rate_algorithm: str
    rsa_certificate_id: str
    session_lifetime: int
    smoothing: _limits_pb2.Smoothing
    tags: _containers.RepeatedScalarFieldContainer[str]
    throttle_interval: float
    throttle_retry_limit: int
    def __init__(self, key_id: _Optional[str] = ..., org_id: _Optional[str] = ..., alias: _Optional[str] = ..., apply_policies: _Optional[_Iterable[str]] = ..., apply_policy_id: _Optional[str] = ..., access_rights: _Optional[_Mapping[str, _access_pb2.AccessRight]] = ..., expires: _Optional[int] = ..., is_inactive: bool = ..., tags: _Optional[_Iterable[str]] = ..., meta_data: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., rate: _Optional[float] = ..., per: _Optional[float] = ..., rate_algorithm: _Optional[str] = ..., burst: _Optional[int] = ..., quota_max: _Optional[int] = ..., quota_renewal_rate: _Optional[int] = ..., quota_period: _Optional[str] = ..., quota_time_zone: _Optional[str] = ..., quota_renews: _Optional[int] = ..., quota_remaining: _Optional[int] = ..., throttle_interval: _Optional[float] = ..., throttle_retry_limit: _Optional[int] = ..., max_query_depth: _Optional[int] = ..., smoothing: _Optional[_Union[_limits_pb2.Smoothing, _Mapping]] = ..., allowed_ips: _Optional[_Iterable[str]] = ..., hmac_enabled: bool = ..., hmac_string: _Optional[str] = ..., enable_http_signature_validation: bool = ..., rsa_certificate_id: _Optional[str] = ..., certificate: _Optional[str] = ..., oauth_client_id: _Optional[str] = ..., monitor: _Optional[_Union[UsageMonitor, _Mapping]] = ..., session_lifetime: _Optional[int] = ..., post_expiry_action: _Optional[str] = ..., post_expiry_grace_period: _Optional[int] = ..., date_created: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., last_updated: _Optional[str] = ..., allowance: _Optional[float] = ..., last_check: _Optional[int] = ..., on_store_failure: _Optional[str] = ..., on_store_failure_rate: _Optional[str] = ..., on_store_failure_quota: _Optional[str] = ..., limits_mode: _Optional[str] = ..., enforcement: _Optional[str] = ..., key_hashes: _Optional[_Iterable[_Union[KeyHash, _Mapping]]] = ..., etag: _Optional[str] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class KeyHash(_message.Message):
    __slots__ = ["hash", "valid_until"]
    HASH_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    hash: str
    valid_until: _timestamp_pb2.Timestamp
    def __init__(self, hash: _Optional[str] = ..., valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListKeysRequest(_message.Message):
    __slots__ = ["alias", "organization_id", "page_size", "page_token", "policy_id", "tag"]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POLICY_ID_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    alias: str
    organization_id: str
    page_size: int
    page_token: str
    policy_id: str
    tag: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., organization_id: _Optional[str] = ..., policy_id: _Optional[str] = ..., tag: _Optional[str] = ..., alias: _Optional[str] = ...) -> None: ...

class ListKeysResponse(_message.Message):
    __slots__ = ["keys", "next_page_token", "total_size"]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[Key]
    next_page_token: str
    total_size: int
    def __init__(self, keys: _Optional[_Iterable[_Union[Key, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class ResetUsageRequest(_message.Message):
    __slots__ = ["key_id", "name", "scope"]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    name: str
    scope: str
    def __init__(self, key_id: _Optional[str] = ..., name: _Optional[str] = ..., scope: _Optional[str] = ...) -> None: ...

class ResetUsageResponse(_message.Message):
    __slots__ = ["cleared"]
    CLEARED_FIELD_NUMBER: _ClassVar[int]
    cleared: _containers.RepeatedCompositeFieldContainer[Usage]
    def __init__(self, cleared: _Optional[_Iterable[_Union[Usage, _Mapping]]] = ...) -> None: ...

class RotateKeyRequest(_message.Message):
    __slots__ = ["etag", "key_id", "overlap"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    etag: str
    key_id: str
    overlap: _duration_pb2.Duration
    def __init__(self, key_id: _Optional[str] = ..., overlap: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class RotateKeyResponse(_message.Message):
    __slots__ = ["api_key", "key_hash", "key_id", "previous_valid_until"]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_HASH_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    api_key: str
    key_hash: str
    key_id: str
    previous_valid_until: _timestamp_pb2.Timestamp
    def __init__(self, api_key: _Optional[str] = ..., key_id: _Optional[str] = ..., key_hash: _Optional[str] = ..., previous_valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class UpdateKeyRequest(_message.Message):
    __slots__ = ["key", "update_mask"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    key: Key
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, key: _Optional[_Union[Key, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateKeyResponse(_message.Message):
    __slots__ = ["findings", "key"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    key: Key
    def __init__(self, key: _Optional[_Union[Key, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ["limit", "name", "origin", "period", "period_start", "quota_period", "remaining", "resets_at", "scope", "used"]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    RESETS_AT_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    limit: int
    name: str
    origin: str
    period: _duration_pb2.Duration
    period_start: _timestamp_pb2.Timestamp
    quota_period: str
    remaining: int
    resets_at: _timestamp_pb2.Timestamp
    scope: str
    used: int
    def __init__(self, name: _Optional[str] = ..., scope: _Optional[str] = ..., origin: _Optional[str] = ..., limit: _Optional[int] = ..., used: _Optional[int] = ..., remaining: _Optional[int] = ..., period: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., period_start: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., resets_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., quota_period: _Optional[str] = ...) -> None: ...

class UsageMonitor(_message.Message):
    __slots__ = ["trigger_limits"]
    TRIGGER_LIMITS_FIELD_NUMBER: _ClassVar[int]
    trigger_limits: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, trigger_limits: _Optional[_Iterable[float]] = ...) -> None: ...

class KeyView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
