"""Administration of keys, policies, APIs, organisations and credentials, the audit log and what happens, with the messages of ``decision.admin.v1``.

``AdminClient`` is for threads, ``AsyncAdminClient`` for asyncio. Every field and its unit is described in ``protos/decision/admin/v1``.
"""

from .._generated.decision.admin.v1.access_pb2 import AccessRight, AllowedUrl
from .._generated.decision.admin.v1.activity_pb2 import REFUSED_BY_API, REFUSED_BY_KEY, REFUSED_BY_POLICY, Refused
from .._generated.decision.admin.v1.activity_pb2 import USAGE_SUBJECT_API, USAGE_SUBJECT_KEY, USAGE_SUBJECT_POLICY, UsageHour
from .._generated.decision.admin.v1.apis_pb2 import Api, ApiAuthentication, PublicPath
from .._generated.decision.admin.v1.audit_pb2 import AUDIT_OUTCOME_DENIED, AUDIT_OUTCOME_DONE, AUDIT_OUTCOME_UNKNOWN, AuditEntry
from .._generated.decision.admin.v1.credentials_pb2 import ADMIN_ROLE_ADMIN, ADMIN_ROLE_OPERATOR, ADMIN_ROLE_VIEWER, AdminCredential
from .._generated.decision.admin.v1.findings_pb2 import Finding
from .._generated.decision.admin.v1.keys_pb2 import Key, Usage
from .._generated.decision.admin.v1.limits_pb2 import EndpointLimit, EndpointLimits, EndpointMethod, LimitBlock
from .._generated.decision.admin.v1.organizations_pb2 import Organization
from .._generated.decision.admin.v1.policies_pb2 import Policy, PolicyPartitions, PolicyRevision
from ._base import Explanation
from .aio import AsyncAdminClient
from .client import AdminClient

__all__ = [
    "ADMIN_ROLE_ADMIN",
    "ADMIN_ROLE_OPERATOR",
    "ADMIN_ROLE_VIEWER",
    "AUDIT_OUTCOME_DENIED",
    "AUDIT_OUTCOME_DONE",
    "AUDIT_OUTCOME_UNKNOWN",
    "AccessRight",
    "AdminClient",
    "AdminCredential",
    "AllowedUrl",
    "Api",
    "ApiAuthentication",
    "AsyncAdminClient",
    "AuditEntry",
    "EndpointLimit",
    "EndpointLimits",
    "EndpointMethod",
    "Explanation",
    "Finding",
    "Key",
    "LimitBlock",
    "Organization",
    "Policy",
    "PolicyPartitions",
    "PolicyRevision",
    "PublicPath",
    "REFUSED_BY_API",
    "REFUSED_BY_KEY",
    "REFUSED_BY_POLICY",
    "Refused",
    "USAGE_SUBJECT_API",
    "USAGE_SUBJECT_KEY",
    "USAGE_SUBJECT_POLICY",
    "Usage",
    "UsageHour",
]
