"""From the caller's request to the wire's, and from the wire's answer to the verdict."""

from typing import Any, Dict, Optional

from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Struct, Value

from ._generated.decision.v1 import authorize_pb2 as wire
from .request import AuthorizationRequest
from .verdict import FailureMode, LimitStatus, PolicyReference, Reason, ServiceFailure, Verdict

_OK = 200
_FORBIDDEN = 403
_SERVICE_UNAVAILABLE = 503

# The client asks each time again: this only tells whoever was refused not to hammer.
_RETRY_AFTER_FAILURE = 1.0


def to_wire(request: AuthorizationRequest) -> wire.AuthorizeRequest:
    return wire.AuthorizeRequest(
        api_key=request.api_key,
        api_id=request.api_id,
        api_version=request.api_version,
        method=request.method,
        path=request.path,
        host=request.host,
        cost=request.cost,
        client_ip=request.client_ip,
        request_id=request.request_id,
        headers=[wire.Header(name=name, value=value) for name, value in request.headers],
        query_depth=request.query_depth,
        organization_id=request.organization_id,
        peek=request.peek,
        idempotency_key=request.idempotency_key,
    )


def to_verdict(response: wire.AuthorizeResponse) -> Verdict:
    # Both must say so: an answer that contradicts itself, or comes from a service that is newer than this client, is a denial.
    allowed = response.allowed and response.reason == wire.REASON_ALLOWED
    reason = Reason.UNSPECIFIED if not allowed and response.reason == wire.REASON_ALLOWED else Reason(response.reason)
    status = _OK if allowed else response.http_status if 400 <= response.http_status <= 599 else _FORBIDDEN
    return Verdict(
        allowed=allowed,
        reason=reason,
        http_status=status,
        message=response.message,
        origin=response.origin,
        key_id=response.key_id,
        organization_id=response.organization_id,
        alias=response.alias,
        tags=tuple(response.tags),
        policies=tuple(PolicyReference(policy.id, policy.revision) for policy in response.policies),
        limits=tuple(_to_limit(limit) for limit in response.limits),
        retry_after=_seconds(response, "retry_after"),
        metadata=_to_dict(response.metadata) if response.HasField("metadata") else None,
        decision_id=response.decision_id,
        max_query_depth=response.max_query_depth,
        degraded=response.degraded,
        missing_policies=tuple(response.missing_policies),
        shadowed_reason=Reason(response.shadowed_reason) if response.shadowed_reason else None,
    )


def of_failure(mode: FailureMode, failure: ServiceFailure) -> Verdict:
    if mode is FailureMode.OPEN:
        return Verdict(allowed=True, reason=Reason.SERVICE_UNAVAILABLE, http_status=_OK, failure=failure)
    return Verdict(
        allowed=False,
        reason=Reason.SERVICE_UNAVAILABLE,
        http_status=_SERVICE_UNAVAILABLE,
        message="The request could not be decided",
        retry_after=_RETRY_AFTER_FAILURE,
        failure=failure,
    )


def _to_limit(limit: wire.LimitStatus) -> LimitStatus:
    return LimitStatus(
        name=limit.name,
        scope=limit.scope,
        limit=limit.limit,
        remaining=limit.remaining,
        period=_seconds(limit, "period"),
        reset_after=_seconds(limit, "reset_after"),
        denied=limit.denied,
        origin=limit.origin,
        quota_period=limit.quota_period,
    )


def _seconds(message: Any, field: str) -> Optional[float]:
    if not message.HasField(field):
        return None
    duration: Duration = getattr(message, field)
    return max(0.0, float(duration.seconds + duration.nanos / 1e9))


def _to_dict(struct: Struct) -> Dict[str, Any]:
    return {name: _to_value(value) for name, value in struct.fields.items()}


def _to_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _to_dict(value.struct_value)
    if kind == "list_value":
        return [_to_value(item) for item in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    return None if kind in (None, "null_value") else getattr(value, kind)
