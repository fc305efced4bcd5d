from decision_client._generated.decision.admin.v1 import findings_pb2 as _findings_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Api(_message.Message):
    __slots__ = ["api_id", "auth", "burst", "default_version", "etag", "extra_fields", "hosts", "listen_path", "name", "organization_id", "per", "public", "rate", "rate_algorithm", "revision", "source", "versions"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    AUTH_FIELD_NUMBER: _ClassVar[int]
    BURST_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    HOSTS_FIELD_NUMBER: _ClassVar[int]
    LISTEN_PATH_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_FIELD_NUMBER: _ClassVar[int]
    RATE_ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    auth: ApiAuthentication
    burst: int
    default_version: str
    etag: str
    extra_fields: _struct_pb2.Struct
    hosts: _containers.RepeatedScalarFieldContainer[str]
    listen_path: str
    name: str
    organization_id: str
    per: float
    public: _containers.RepeatedCompositeFieldContainer[PublicPath]
    rate: float
    rate_algorithm: str
    revision: int
    source: str
    versions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, api_id: _Optional[str] = ..., name: _Optional[str] = ..., organization_id: _Optional[str] = ..., listen_path: _Optional[str] = ..., hosts: _Optional[_Iterable[str]] = ..., versions: _Optional[_Iterable[str]] = ..., default_version: _Optional[str] = ..., auth: _Optional[_Union[ApiAuthentication, _Mapping]] = ..., public: _Optional[_Iterable[_Union[PublicPath, _Mapping]]] = ..., rate: _Optional[float] = ..., per: _Optional[float] = ..., rate_algorithm: _Optional[str] = ..., burst: _Optional[int] = ..., etag: _Optional[str] = ..., revision: _Optional[int] = ..., source: _Optional[str] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class ApiAuthentication(_message.Message):
    __slots__ = ["cookie", "header", "query_parameter"]
    COOKIE_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    QUERY_PARAMETER_FIELD_NUMBER: _ClassVar[int]
    cookie: str
    header: str
    query_parameter: str
    def __init__(self, header: _Optional[str] = ..., query_parameter: _Optional[str] = ..., cookie: _Optional[str] = ...) -> None: ...

class CreateApiRequest(_message.Message):
    __slots__ = ["api"]
    API_FIELD_NUMBER: _ClassVar[int]
    api: Api
    def __init__(self, api: _Optional[_Union[Api, _Mapping]] = ...) -> None: ...

class CreateApiResponse(_message.Message):
    __slots__ = ["api", "findings"]
    API_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    api: Api
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    def __init__(self, api: _Optional[_Union[Api, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...

class DeleteApiRequest(_message.Message):
    __slots__ = ["api_id", "etag"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    etag: str
    def __init__(self, api_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteApiResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetApiRequest(_message.Message):
    __slots__ = ["api_id"]
    API_ID_FIELD_NUMBER: _ClassVar[int]
    api_id: str
    def __init__(self, api_id: _Optional[str] = ...) -> None: ...

class GetApiResponse(_message.Message):
    __slots__ = ["api"]
    API_FIELD_NUMBER: _ClassVar[int]
    api: Api
    def __init__(self, api: _Optional[_Union[Api, _Mapping]] = ...) -> None: ...

class ListApisRequest(_message.Message):
    __slots__ = ["organization_id", "page_size", "page_token"]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class ListApisResponse(_message.Message):
    __slots__ = ["apis", "next_page_token", "total_size"]
    APIS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    apis: _containers.RepeatedCompositeFieldContainer[Api]
    next_page_token: str
    total_size: int
    def __init__(self, apis: _Optional[_Iterable[_Union[Api, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class PublicPath(_message.Message):
    __slots__ = ["extra_fields", "methods", "pattern"]
    EXTRA_FIELDS_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    extra_fields: _struct_pb2.Struct
    methods: _containers.RepeatedScalarFieldContainer[str]
    pattern: str
    def __init__(self, pattern: _Optional[str] = ..., methods: _Optional[_Iterable[str]] = ..., extra_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class UpdateApiRequest(_message.Message):
    __slots__ = ["api", "update_mask"]
    API_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    api: Api
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, api: _Optional[_Union[Api, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateApiResponse(_message.Message):
    __slots__ = ["api", "findings"]
    API_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    api: Api
    findings: _containers.RepeatedCompositeFieldContainer[_findings_pb2.Finding]
    def __init__(self, api: _Optional[_Union[Api, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[_findings_pb2.Finding, _Mapping]]] = ...) -> None: ...
