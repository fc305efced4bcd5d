from decision_client._generated.decision.admin.v1 import access_pb2 as _access_pb2
from decision_client._generated.decision.admin.v1 import findings_pb2 as _findings_pb2
from decision_client._generated.decision.admin.v1 import limits_pb2 as _limits_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
KEY_EFFECT_DIRECTION_NARROWS: KeyEffectDirection
KEY_EFFECT_DIRECTION_OTHER: KeyEffectDirection
KEY_EFFECT_DIRECTION_UNSPECIFIED: KeyEffectDirection
KEY_EFFECT_DIRECTION_WIDENS: KeyEffectDirection
KEY_EFFECT_KIND_ADDRESSES: KeyEffectKind
KEY_EFFECT_KIND_API_GAINED: KeyEffectKind
KEY_EFFECT_KIND_API_LOST: KeyEffectKind
KEY_EFFECT_KIND_ENDPOINT_RATES: KeyEffectKind
KEY_EFFECT_KIND_EXPIRY: KeyEffectKind
KEY_EFFECT_KIND_GRAPHQL_RULES: KeyEffectKind
KEY_EFFECT_KIND_KEY_STATE: KeyEffectKind
KEY_EFFECT_KIND_LIMIT_BEHAVIOR: KeyEffectKind
KEY_EFFECT_KIND_METADATA: KeyEffectKind
KEY_EFFECT_KIND_PATHS: KeyEffectKind
KEY_EFFECT_KIND_QUERY_DEPTH: KeyEffectKind
KEY_EFFECT_KIND_QUOTA: KeyEffectKind
KEY_EFFECT_KIND_QUOTA_COUNTER: KeyEffectKind
KEY_EFFECT_KIND_RATE: KeyEffectKind
KEY_EFFECT_KIND_SHARED_COUNTERS: KeyEffectKind
KEY_EFFECT_KIND_SIGNATURE: KeyEffectKind
KEY_EFFECT_KIND_TAGS: KeyEffectKind
KEY_EFFECT_KIND_UNSPECIFIED: KeyEffectKind
KEY_EFFECT_KIND_VERSIONS: KeyEffectKind
POLICY_CHANGE_KIND_CREATED: PolicyChangeKind
POLICY_CHANGE_KIND_DELETED: PolicyChangeKind
POLICY_CHANGE_KIND_UNCHANGED: PolicyChangeKind
POLICY_CHANGE_KIND_UNSPECIFIED: PolicyChangeKind
POLICY_CHANGE_KIND_UPDATED: PolicyChangeKind

class ApplyPoliciesRequest(_message.Message):
    __slots__ = ["dry_run", "fingerprint", "force", "max_keys", "wanted"]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    MAX_KEYS_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    dry_run: bool
    fingerprint: str
    force: bool
    max_keys: int
    wanted: WantedPolicies
    def __init__(self, wanted: _Optional[_Union[WantedPolicies, _Mapping]] = ..., dry_run: bool = ..., force: bool = ..., fingerprint: _Optional[str] = ..., max_keys: _Optional[int] = ...) -> None: ...

class ApplyPoliciesResponse(_message.Message):
    __slots__ = ["applied", "effect", "plan"]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    applied: bool
    effect: PolicyEffect
    plan: PolicyPlan
    def __init__(self, plan: _Optional[_Union[PolicyPlan, _Mapping]] = ..., effect: _Optional[_Union[PolicyEffect, _Mapping]] = ..., applied: bool = ...) -> None: ...

class CreatePolicyRequest(_message.Message):
    __slots__ = ["policy"]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ...) -> None: ...

class CreatePolicyResponse(_message.Message):
    __slots__ = ["findings", "keys_affected", "policy"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEYS_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    keys_affected: int
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ..., keys_affected: _Optional[int] = ...) -> None: ...

class DeletePolicyRequest(_message.Message):
    __slots__ = ["etag", "force", "id"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    etag: str
    force: bool
    id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., force: bool = ...) -> None: ...

class DeletePolicyResponse(_message.Message):
    __slots__ = ["keys_affected"]
    KEYS_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    keys_affected: int
    def __init__(self, keys_affected: _Optional[int] = ...) -> None: ...

class EffectProgress(_message.Message):
    __slots__ = ["keys_looked_at", "keys_total"]
    KEYS_LOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    KEYS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    keys_looked_at: int
    keys_total: int
    def __init__(self, keys_looked_at: _Optional[int] = ..., keys_total: _Optional[int] = ...) -> None: ...

class GetPolicyRequest(_message.Message):
    __slots__ = ["id"]
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetPolicyResponse(_message.Message):
    __slots__ = ["policy"]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ...) -> None: ...

class KeyEffect(_message.Message):
    __slots__ = ["after", "api_id", "before", "direction", "keys", "kind", "sample_key_ids", "text"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_KEY_IDS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    after: str
    api_id: str
    before: str
    direction: KeyEffectDirection
    keys: int
    kind: KeyEffectKind
    sample_key_ids: _containers.RepeatedScalarFieldContainer[str]
    text: str
    def __init__(self, kind: _Optional[_Union[KeyEffectKind, str]] = ..., api_id: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ..., direction: _Optional[_Union[KeyEffectDirection, str]] = ..., keys: _Optional[int] = ..., sample_key_ids: _Optional[_Iterable[str]] = ..., text: _Optional[str] = ...) -> None: ...

class ListPoliciesRequest(_message.Message):
    __slots__ = ["organization_id", "page_size", "page_token"]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class ListPoliciesResponse(_message.Message):
    __slots__ = ["next_page_token", "policies", "total_size"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    policies: _containers.RepeatedCompositeFieldContainer[Policy]
    total_size: int
    def __init__(self, policies: _Optional[_Iterable[_Union[Policy, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class ListPolicyRevisionsRequest(_message.Message):
    __slots__ = ["id", "page_size", "page_token"]
    ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    id: str
    page_size: int
    page_token: str
    def __init__(self, id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPolicyRevisionsResponse(_message.Message):
    __slots__ = ["next_page_token", "revisions", "total_size"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    revisions: _containers.RepeatedCompositeFieldContainer[PolicyRevision]
    total_size: int
    def __init__(self, revisions: _Optional[_Iterable[_Union[PolicyRevision, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class Policy(_message.Message):
    __slots__ = ["access_rights", "active", "allowed_ips", "burst", "enable_http_signature_validation", "enforcement", "etag", "extra_fields", "graphql_access_rights", "hmac_enabled", "id", "is_inactive", "key_expires_in", "last_updated", "limits_mode", "max_query_depth", "meta_data", "name", "object_id", "on_store_failure", "on_store_failure_quota", "on_store_failure_rate", "org_id", "partitions", "per", "post_expiry_action", "post_expiry_grace_period", "quota_max", "quota_period", "quota_renewal_rate", "quota_time_zone", "rate", "rate_algorithm", "revision", "smoothing", "source", "tags", "throttle_interval", "throttle_retry_limit"]
    class AccessRightsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _access_pb2.AccessRight
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_access_pb2.AccessRight, _Mapping]] = ...) -> None: ...
    ACCESS_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_IPS_FIELD_NUMBER: _ClassVar[int]
    BURST_FIELD_NUMBER: _ClassVar[int]
    ENABLE_HTTP_SIGNATURE_VALIDATION_FIELD_NUMBER: _ClassVar[int]
    ENFORCEMENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    GRAPHQL_ACCESS_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    HMAC_ENABLED_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    IS_INACTIVE_FIELD_NUMBER: _ClassVar[int]
    KEY_EXPIRES_IN_FIELD_NUMBER: _ClassVar[int]
    LAST_UPDATED_FIELD_NUMBER: _ClassVar[int]
    LIMITS_MODE_FIELD_NUMBER: _ClassVar[int]
    MAX_QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    META_DATA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_QUOTA_FIELD_NUMBER: _ClassVar[int]
    ON_STORE_FAILURE_RATE_FIELD_NUMBER: _ClassVar[int]
    ORG_ID_FIELD_NUMBER: _ClassVar[int]
    PARTITIONS_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    POST_EXPIRY_ACTION_FIELD_NUMBER: _ClassVar[int]
    POST_EXPIRY_GRACE_PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_MAX_FIELD_NUMBER: _ClassVar[int]
    QUOTA_PERIOD_FIELD_NUMBER: _ClassVar[int]
    QUOTA_RENEWAL_RATE_FIELD_NUMBER: _ClassVar[int]
    QUOTA_TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    RATE_ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SMOOTHING_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_RETRY_LIMIT_FIELD_NUMBER: _ClassVar[int]
    access_rights: _containers.MessageMap[str, _access_pb2.AccessRight]
    active: bool
    allowed_ips: _containers.RepeatedScalarFieldContainer[str]
    burst: int
    enable_http_signature_validation: bool
    enforcement: str
    etag: str
    extra_fields: _struct_pb2.Struct
    graphql_access_rights: _struct_pb2.Struct
    hmac_enabled: bool
    id: str
    is_inactive: bool
    key_expires_in: int
    last_updated: str
    limits_mode: str
    max_query_depth: int
    meta_data: _struct_pb2.Struct
    name: str
    object_id: str
    on_store_failure: str
    on_store_failure_quota: str
    on_store_failure_rate: str
    org_id: str
    partitions: PolicyPartitions
    per: float
    post_expiry_action: str
    post_expiry_grace_period: int
    quota_max: int
    quota_period: str
    quota_renewal_rate: int
    quota_time_zone: str
    rate: float
    rate_algorithm: str
    revision: int
    smoothing: _limits_pb2.Smoothing
    source: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    throttle_interval: float
    throttle_retry_limit: int
    def __init__(self, id: _Optional[str] = ..., object_id: _Optional[str] = ..., name: _Optional[str] = ..., org_id: _Optional[str] = ..., rate: _Optional[float] = ..., per: _Optional[float] = ..., rate_algorithm: _Optional[str] = ..., burst: _Optional[int] = ..., quota_max: _Optional[int] = ..., quota_renewal_rate: _Optional[int] = ..., quota_period: _Optional[str] = ..., quota_time_zone: _Optional[str] = ..., throttle_interval: _Optional[float] = ..., throttle_retry_limit: _Optional[int] = ..., max_query_depth: _Optional[int] = ..., access_rights: _Optional[_Mapping[str, _access_pb2.AccessRight]] = ..., hmac_enabled: bool = ..., enable_http_signature_validation: bool = ..., active: bool = ..., is_inactive: bool = ..., tags: _Optional[_Iterable[str]] = ..., key_expires_in: _Optional[int] = ..., post_expiry_action: _Optional[str] = ..., post_expiry_grace_period: _Optional[int] = ..., partitions: _Optional[_Union[PolicyPartitions, _Mapping]] = ..., last_updated: _Optional[str] = ..., meta_data: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., graphql_access_rights: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., smoothing: _Optional[_Union[_limits_pb2.Smoothing, _Mapping]] = ..., allowed_ips: _Optional[_Iterable[str]] = ..., on_store_failure: _Optional[str] = ..., on_store_failure_rate: _Optional[str] = ..., on_store_failure_quota: _Optional[str] = ..., limits_mode: _Optional[str] = ..., enforcement: _Optional[str] = ..., etag: _Optional[str] = ..., revision: _Optional[int] = ..., source: _Optional[str] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class PolicyChange(_message.Message):
    __slots__ = ["etag", "fields", "id", "keys_using", "kind", "org_id", "revision"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    KEYS_USING_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ORG_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    etag: str
    fields: _containers.RepeatedCompositeFieldContainer[PolicyFieldChange]
    id: str
    keys_using: int
    kind: PolicyChangeKind
    org_id: str
    revision: int
    def __init__(self, id: _Optional[str] = ..., org_id: _Optional[str] = ..., kind: _Optional[_Union[PolicyChangeKind, str]] = ..., fields: _Optional[_Iterable[_Union[PolicyFieldChange, _Mapping]]] = ..., keys_using: _Optional[int] = ..., revision: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...

class PolicyEffect(_message.Message):
    __slots__ = ["effects", "keys_changed", "keys_looked_at", "keys_using", "more_effects"]
    EFFECTS_FIELD_NUMBER: _ClassVar[int]
    KEYS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    KEYS_LOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    KEYS_USING_FIELD_NUMBER: _ClassVar[int]
    MORE_EFFECTS_FIELD_NUMBER: _ClassVar[int]
    effects: _containers.RepeatedCompositeFieldContainer[KeyEffect]
    keys_changed: int
    keys_looked_at: int
    keys_using: int
    more_effects: bool
    def __init__(self, effects: _Optional[_Iterable[_Union[KeyEffect, _Mapping]]] = ..., keys_using: _Optional[int] = ..., keys_looked_at: _Optional[int] = ..., keys_changed: _Optional[int] = ..., more_effects: bool = ...) -> None: ...

class PolicyFieldChange(_message.Message):
    __slots__ = ["after", "before", "field"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    after: str
    before: str
    field: str
    def __init__(self, field: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class PolicyPartitions(_message.Message):
    __slots__ = ["acl", "complexity", "per_api", "quota", "rate_limit"]
    ACL_FIELD_NUMBER: _ClassVar[int]
    COMPLEXITY_FIELD_NUMBER: _ClassVar[int]
    PER_API_FIELD_NUMBER: _ClassVar[int]
    QUOTA_FIELD_NUMBER: _ClassVar[int]
    RATE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    acl: bool
    complexity: bool
    per_api: bool
    quota: bool
    rate_limit: bool
    def __init__(self, quota: bool = ..., rate_limit: bool = ..., acl: bool = ..., complexity: bool = ..., per_api: bool = ...) -> None: ...

class PolicyPlan(_message.Message):
    __slots__ = ["findings", "fingerprint", "needs_force", "policies", "valid"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FORCE_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    fingerprint: str
    needs_force: bool
    policies: _containers.RepeatedCompositeFieldContainer[PolicyChange]
    valid: bool
    def __init__(self, policies: _Optional[_Iterable[_Union[PolicyChange, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ..., valid: bool = ..., fingerprint: _Optional[str] = ..., needs_force: bool = ...) -> None: ...

class PolicyRevision(_message.Message):
    __slots__ = ["change", "number", "policy", "time"]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    change: str
    number: int
    policy: Policy
    time: _timestamp_pb2.Timestamp
    def __init__(self, number: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., change: _Optional[str] = ..., policy: _Optional[_Union[Policy, _Mapping]] = ...) -> None: ...

class PolicyText(_message.Message):
    __slots__ = ["json", "name"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    json: str
    name: str
    def __init__(self, name: _Optional[str] = ..., json: _Optional[str] = ...) -> None: ...

class PreviewPoliciesRequest(_message.Message):
    __slots__ = ["max_keys", "wanted"]
    MAX_KEYS_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    max_keys: int
    wanted: WantedPolicies
    def __init__(self, wanted: _Optional[_Union[WantedPolicies, _Mapping]] = ..., max_keys: _Optional[int] = ...) -> None: ...

class PreviewPoliciesResponse(_message.Message):
    __slots__ = ["effect", "plan", "progress"]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    effect: PolicyEffect
    plan: PolicyPlan
    progress: EffectProgress
    def __init__(self, plan: _Optional[_Union[PolicyPlan, _Mapping]] = ..., progress: _Optional[_Union[EffectProgress, _Mapping]] = ..., effect: _Optional[_Union[PolicyEffect, _Mapping]] = ...) -> None: ...

class ReloadPoliciesRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ReloadPoliciesResponse(_message.Message):
    __slots__ = ["findings", "policies_loaded"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    POLICIES_LOADED_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    policies_loaded: int
    def __init__(self, policies_loaded: _Optional[int] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...

class RollbackPolicyRequest(_message.Message):
    __slots__ = ["etag", "id", "revision"]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    etag: str
    id: str
    revision: int
    def __init__(self, id: _Optional[str] = ..., revision: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...

class RollbackPolicyResponse(_message.Message):
    __slots__ = ["findings", "keys_affected", "policy"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEYS_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    keys_affected: int
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ..., keys_affected: _Optional[int] = ...) -> None: ...

class UpdatePolicyRequest(_message.Message):
    __slots__ = ["policy", "update_mask"]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    policy: Policy
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdatePolicyResponse(_message.Message):
    __slots__ = ["findings", "keys_affected", "policy"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    KEYS_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    keys_affected: int
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ..., keys_affected: _Optional[int] = ...) -> None: ...

class ValidatePolicyRequest(_message.Message):
    __slots__ = ["document", "policy"]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    document: str
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., document: _Optional[str] = ...) -> None: ...

class ValidatePolicyResponse(_message.Message):
    __slots__ = ["findings", "valid"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    valid: bool
    def __init__(self, findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ..., valid: bool = ...) -> None: ...

class WantedPolicies(_message.Message):
    __slots__ = ["organization_id", "policies", "prune", "texts"]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    PRUNE_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    policies: _containers.RepeatedCompositeFieldContainer[Policy]
    prune: bool
    texts: _containers.RepeatedCompositeFieldContainer[PolicyText]
    def __init__(self, policies: _Optional[_Iterable[_Union[Policy, _Mapping]]] = ..., texts: _Optional[_Iterable[_Union[PolicyText, _Mapping]]] = ..., organization_id: _Optional[str] = ..., prune: bool = ...) -> None: ...

class PolicyChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class KeyEffectKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class KeyEffectDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
