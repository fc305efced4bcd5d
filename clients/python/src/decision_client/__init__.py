"""Asks the Decision service whether a key may make a call now.

``DecisionClient`` is for threads, ``AsyncDecisionClient`` for asyncio; ``decision_client.wsgi`` and ``decision_client.asgi`` have middleware,
``decision_client.admin`` the administration of keys, policies, APIs and organisations.
"""

from ._options import Tls
from .aio import AsyncDecisionClient
from .aio_stream import AsyncAuthorizationStream
from .client import DecisionClient
from .errors import (
    AdminError,
    AdminUnavailableError,
    ConflictError,
    DecisionConfigurationError,
    DecisionCredentialError,
    DecisionError,
    DecisionRequestError,
    FieldViolation,
    NotFoundError,
)
from .request import AuthorizationRequest
from .stream import AuthorizationStream
from .verdict import FailureKind, FailureMode, LimitStatus, PolicyReference, Reason, ServiceFailure, Verdict

__all__ = [
    "AdminError",
    "AdminUnavailableError",
    "AsyncAuthorizationStream",
    "AsyncDecisionClient",
    "AuthorizationRequest",
    "AuthorizationStream",
    "ConflictError",
    "DecisionClient",
    "DecisionConfigurationError",
    "DecisionCredentialError",
    "DecisionError",
    "DecisionRequestError",
    "FailureKind",
    "FailureMode",
    "FieldViolation",
    "LimitStatus",
    "NotFoundError",
    "PolicyReference",
    "Reason",
    "ServiceFailure",
    "Tls",
    "Verdict",
]
