from decision_client._generated.decision.admin.v1 import limits_pb2 as _limits_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AccessRight(_message.Message):
    __slots__ = ["allowance_scope", "allowed_types", "allowed_urls", "api_id", "api_name", "disable_introspection", "endpoints", "extra_fields", "field_access_rights", "limit", "restricted_types", "versions"]
    ALLOWANCE_SCOPE_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_TYPES_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_URLS_FIELD_NUMBER: _ClassVar[int]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    API_NAME_FIELD_NUMBER: _ClassVar[int]
    DISABLE_INTROSPECTION_FIELD_NUMBER: _ClassVar[int]
    ENDPOINTS_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    FIELD_ACCESS_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    RESTRICTED_TYPES_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    allowance_scope: str
    allowed_types: _containers.RepeatedCompositeFieldContainer[GraphqlType]
    allowed_urls: _containers.RepeatedCompositeFieldContainer[AllowedUrl]
    api_id: str
    api_name: str
    disable_introspection: bool
    endpoints: _containers.RepeatedCompositeFieldContainer[_limits_pb2.EndpointLimits]
    extra_fields: _struct_pb2.Struct
    field_access_rights: _containers.RepeatedCompositeFieldContainer[FieldAccessRight]
    limit: _limits_pb2.LimitBlock
    restricted_types: _containers.RepeatedCompositeFieldContainer[GraphqlType]
    versions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, api_name: _Optional[str] = ..., api_id: _Optional[str] = ..., versions: _Optional[_Iterable[str]] = ..., allowed_urls: _Optional[_Iterable[_Union[AllowedUrl, _Mapping]]] = ..., restricted_types: _Optional[_Iterable[_Union[GraphqlType, _Mapping]]] = ..., allowed_types: _Optional[_Iterable[_Union[GraphqlType, _Mapping]]] = ..., field_access_rights: _Optional[_Iterable[_Union[FieldAccessRight, _Mapping]]] = ..., disable_introspection: bool = ..., limit: _Optional[_Union[_limits_pb2.LimitBlock, _Mapping]] = ..., allowance_scope: _Optional[str] = ..., endpoints: _Optional[_Iterable[_Union[_limits_pb2.EndpointLimits, _Mapping]]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class AllowedUrl(_message.Message):
    __slots__ = ["extra_fields", "methods", "url"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    methods: _containers.RepeatedScalarFieldContainer[str]
    url: str
    def __init__(self, url: _Optional[str] = ..., methods: _Optional[_Iterable[str]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class FieldAccessRight(_message.Message):
    __slots__ = ["extra_fields", "field_name", "limits", "type_name"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    FIELD_NAME_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    field_name: str
    limits: FieldLimits
    type_name: str
    def __init__(self, type_name: _Optional[str] = ..., field_name: _Optional[str] = ..., limits: _Optional[_Union[FieldLimits, _Mapping]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class FieldLimits(_message.Message):
    __slots__ = ["max_query_depth"]
    MAX_QUERY_DEPTH_FIELD_NUMBER: _ClassVar[int]
    max_query_depth: int
    def __init__(self, max_query_depth: _Optional[int] = ...) -> None: ...

class GraphqlType(_message.Message):
    __slots__ = ["extra_fields", "fields", "name"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    fields: _containers.RepeatedScalarFieldContainer[str]
    name: str
    def __init__(self, name: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...
