"""Administration of keys, policies, APIs and organisations, with the messages of ``decision.admin.v1``.

``AdminClient`` is for threads, ``AsyncAdminClient`` for asyncio. Every field and its unit is described in ``protos/decision/admin/v1``.
"""

from .._generated.decision.admin.v1.access_pb2 import AccessRight, AllowedUrl
from .._generated.decision.admin.v1.apis_pb2 import Api, ApiAuthentication, PublicPath
from .._generated.decision.admin.v1.findings_pb2 import Finding
from .._generated.decision.admin.v1.keys_pb2 import Key, Usage
from .._generated.decision.admin.v1.limits_pb2 import EndpointLimit, EndpointLimits, EndpointMethod, LimitBlock
from .._generated.decision.admin.v1.organizations_pb2 import Organization
from .._generated.decision.admin.v1.policies_pb2 import Policy, PolicyPartitions, PolicyRevision
from ._base import Explanation
from .aio import AsyncAdminClient
from .client import AdminClient

__all__ = [
    "AccessRight",
    "AdminClient",
    "AllowedUrl",
    "Api",
    "ApiAuthentication",
    "AsyncAdminClient",
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
    "Usage",
]
