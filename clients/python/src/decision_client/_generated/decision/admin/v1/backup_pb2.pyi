from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Backup(_message.Message):
    __slots__ = ["server_version", "sha256", "size", "time"]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    server_version: str
    sha256: str
    size: int
    time: _timestamp_pb2.Timestamp
    def __init__(self, time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., size: _Optional[int] = ..., sha256: _Optional[str] = ..., server_version: _Optional[str] = ...) -> None: ...

class CreateBackupRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CreateBackupResponse(_message.Message):
    __slots__ = ["backup", "content"]
    BACKUP_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    backup: Backup
    content: bytes
    def __init__(self, backup: _Optional[_Union[Backup, _Mapping]] = ..., content: _Optional[bytes] = ...) -> None: ...
