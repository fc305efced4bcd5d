"""What a failed call means. The one place that knows gRPC's codes and words."""

from typing import Any, Iterable, List, NamedTuple, Optional, Tuple

import grpc

from ._generated.decision_client import details_pb2
from .errors import (
    AdminError, AdminUnavailableError, ConflictError, DecisionCredentialError, DecisionError, DecisionRequestError, FieldViolation, NotFoundError,
)
from .verdict import FailureKind

_DETAILS = "grpc-status-details-bin"

# What gRPC's core says where it found no connection to send a call on. Words it does not use (any more) only make the client more careful:
# then no other address is asked.
_NOT_CONNECTED = ("failed to connect to all addresses", "DNS resolution failed", "connections to all backends failing", "empty address list")
_OF_THE_PEER = "Error received from peer"


class CallFailure(NamedTuple):
    """A call that ended without a verdict."""

    kind: FailureKind
    detail: str
    certainly_unsent: bool  #: True = no byte of the request left this machine, so another address may be asked.


def of(error: Any) -> CallFailure:
    """What a ``grpc.RpcError`` says about the service."""
    code, text = error.code(), error.details() or ""
    unsent = code is grpc.StatusCode.UNAVAILABLE and text.startswith(_NOT_CONNECTED) and _OF_THE_PEER not in (error.debug_error_string() or "")
    kind = (
        FailureKind.TIMED_OUT if code is grpc.StatusCode.DEADLINE_EXCEEDED
        else FailureKind.UNREACHABLE if code is grpc.StatusCode.UNAVAILABLE
        else FailureKind.ERROR
    )
    return CallFailure(kind, f"{code.name}: {text}", unsent)


def answers(error: Any) -> bool:
    """Whether somebody answered, if only with an error."""
    return error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


def mistake(error: Any) -> Optional[DecisionError]:
    """The exception for a mistake of the caller's; None = the call failed, and the failure mode answers."""
    code, text = error.code(), error.details() or ""
    if code is grpc.StatusCode.INVALID_ARGUMENT:
        return DecisionRequestError(text, _details(error)[0])
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        # It would be so for ever, and whoever made it so large must not pass by the open mode.
        return DecisionRequestError(f"The request, or the answer to it, is larger than the service or the client takes: {text}")
    if code is grpc.StatusCode.UNAUTHENTICATED:
        return DecisionCredentialError(f"The service does not know this client ({text}): give it a token that the service accepts.")
    if code is grpc.StatusCode.PERMISSION_DENIED:
        return DecisionCredentialError(
            f"The service does not let this client ask for this ({text}): give its token the scope, or ask for another API or organisation."
        )
    return None


def of_admin(error: Any) -> DecisionError:
    """The exception for an admin call that did not succeed."""
    code, text = error.code(), error.details() or ""
    if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return DecisionCredentialError(f"The service does not take this admin secret ({text}).")
    violations, info = _details(error)
    kind = {
        grpc.StatusCode.NOT_FOUND: NotFoundError,
        grpc.StatusCode.ALREADY_EXISTS: ConflictError,
        grpc.StatusCode.ABORTED: ConflictError,
        grpc.StatusCode.UNAVAILABLE: AdminUnavailableError,
        grpc.StatusCode.DEADLINE_EXCEEDED: AdminUnavailableError,
    }.get(code, AdminError)
    return kind(code.name, text, violations, info.reason, dict(info.metadata))


def _details(error: Any) -> Tuple[List[FieldViolation], Any]:
    violations: List[FieldViolation] = []
    info = details_pb2.ErrorInfo()
    for name, value in _pairs(error.trailing_metadata()):
        if name != _DETAILS or not isinstance(value, bytes):
            continue
        try:
            status = details_pb2.Status.FromString(value)
            for detail in status.details:
                if detail.type_url.endswith("/google.rpc.BadRequest"):
                    found = details_pb2.BadRequest.FromString(detail.value)
                    violations.extend(FieldViolation(each.field, each.description) for each in found.field_violations)
                elif detail.type_url.endswith("/google.rpc.ErrorInfo"):
                    info = details_pb2.ErrorInfo.FromString(detail.value)
        except Exception:  # Whatever it is, it is no google.rpc.Status; the message says enough.
            continue
    return violations, info


def _pairs(metadata: Any) -> Iterable[Tuple[str, Any]]:
    return metadata or ()
