"""What no service is needed to see: refused here, so that a mistake is told also while the service is away, and cannot pass by the open mode."""

from typing import Iterator, List, Sequence, Tuple

from .errors import DecisionRequestError, FieldViolation
from .request import AuthorizationRequest

MAXIMUM_BATCH = 1000

_TEXTS = ("api_key", "api_id", "api_version", "method", "path", "host", "client_ip", "request_id", "organization_id", "idempotency_key")
_MAX_INT32 = 2**31 - 1
_MAX_INT64 = 2**63 - 1


def require(request: AuthorizationRequest) -> None:
    violations = list(_check(request, ""))
    if violations:
        raise DecisionRequestError("", violations)


def require_all(requests: Sequence[AuthorizationRequest]) -> None:
    violations: List[FieldViolation] = []
    if not 1 <= len(requests) <= MAXIMUM_BATCH:
        violations.append(FieldViolation("requests", f"has {len(requests)} requests: send 1 to {MAXIMUM_BATCH} in one call."))
    for index, request in enumerate(requests[:MAXIMUM_BATCH]):
        violations.extend(_check(request, f"requests[{index}]."))
    if violations:
        raise DecisionRequestError("", violations)


def _check(request: AuthorizationRequest, prefix: str) -> Iterator[FieldViolation]:
    if not request.method:
        yield FieldViolation(prefix + "method", "is empty: send the request's HTTP method, such as GET.")
    if not request.api_id and not request.host:
        yield FieldViolation(prefix + "api_id", "is empty, and so is host: send api_id, or host with path for the API registry.")
    if not 0 <= request.cost <= _MAX_INT64:
        yield FieldViolation(prefix + "cost", f"is {request.cost}: send 0 (which counts 1) or more.")
    if request.query_depth is not None and not 0 <= request.query_depth <= _MAX_INT32:
        yield FieldViolation(prefix + "query_depth", f"is {request.query_depth}: send 0 or more, or leave it out.")
    for field, text in _texts(request):
        if not text.isascii() and not _is_text(text):
            yield FieldViolation(prefix + field, "has half a surrogate pair, which no UTF-8 can hold: send whole characters.")


def _texts(request: AuthorizationRequest) -> Iterator[Tuple[str, str]]:
    for field in _TEXTS:
        yield field, getattr(request, field)
    for name, value in request.headers:
        yield "headers", name + value


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
