from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

ADMIN_ROLE_ADMIN: AdminRole
ADMIN_ROLE_OPERATOR: AdminRole
ADMIN_ROLE_UNSPECIFIED: AdminRole
ADMIN_ROLE_VIEWER: AdminRole
DESCRIPTOR: _descriptor.FileDescriptor

class AdminCredential(_message.Message):
    __slots__ = ["create_time", "created_by", "credential_id", "description", "expire_time", "last_use_time", "name", "organizations", "revoke_time", "revoked_by", "role"]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATIONS_FIELD_NUMBER: _ClassVar[int]
    REVOKED_BY_FIELD_NUMBER: _ClassVar[int]
    REVOKE_TIME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    create_time: _timestamp_pb2.Timestamp
    created_by: str
    credential_id: str
    description: str
    expire_time: _timestamp_pb2.Timestamp
    last_use_time: _timestamp_pb2.Timestamp
    name: str
    organizations: _containers.RepeatedScalarFieldContainer[str]
    revoke_time: _timestamp_pb2.Timestamp
    revoked_by: str
    role: AdminRole
    def __init__(self, credential_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., role: _Optional[_Union[AdminRole, str]] = ..., organizations: _Optional[_Iterable[str]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_by: _Optional[str] = ..., revoke_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., revoked_by: _Optional[str] = ..., last_use_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateAdminCredentialRequest(_message.Message):
    __slots__ = ["credential"]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    credential: AdminCredential
    def __init__(self, credential: _Optional[_Union[AdminCredential, _Mapping]] = ...) -> None: ...

class CreateAdminCredentialResponse(_message.Message):
    __slots__ = ["credential", "token"]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    credential: AdminCredential
    token: str
    def __init__(self, credential: _Optional[_Union[AdminCredential, _Mapping]] = ..., token: _Optional[str] = ...) -> None: ...

class GetAdminCredentialRequest(_message.Message):
    __slots__ = ["credential_id"]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    credential_id: str
    def __init__(self, credential_id: _Optional[str] = ...) -> None: ...

class GetAdminCredentialResponse(_message.Message):
    __slots__ = ["credential"]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    credential: AdminCredential
    def __init__(self, credential: _Optional[_Union[AdminCredential, _Mapping]] = ...) -> None: ...

class ListAdminCredentialsRequest(_message.Message):
    __slots__ = ["page_size", "page_token", "show_ended"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SHOW_ENDED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    show_ended: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., show_ended: bool = ...) -> None: ...

class ListAdminCredentialsResponse(_message.Message):
    __slots__ = ["credentials", "next_page_token", "total_size"]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    credentials: _containers.RepeatedCompositeFieldContainer[AdminCredential]
    next_page_token: str
    total_size: int
    def __init__(self, credentials: _Optional[_Iterable[_Union[AdminCredential, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class RevokeAdminCredentialRequest(_message.Message):
    __slots__ = ["credential_id"]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    credential_id: str
    def __init__(self, credential_id: _Optional[str] = ...) -> None: ...

class RevokeAdminCredentialResponse(_message.Message):
    __slots__ = ["credential"]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    credential: AdminCredential
    def __init__(self, credential: _Optional[_Union[AdminCredential, _Mapping]] = ...) -> None: ...

class WhoAmIRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class WhoAmIResponse(_message.Message):
    __slots__ = ["credential", "is_admin_secret"]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    IS_ADMIN_SECRET_FIELD_NUMBER: _ClassVar[int]
    credential: AdminCredential
    is_admin_secret: bool
    def __init__(self, credential: _Optional[_Union[AdminCredential, _Mapping]] = ..., is_admin_secret: bool = ...) -> None: ...

class AdminRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
