"""Who administers, what was done, and what is decided: for threads."""

from datetime import datetime
from typing import Iterable, Iterator, Optional

from .._generated.decision.admin.v1 import activity_pb2, audit_pb2, credentials_pb2
from .._generated.decision.admin.v1.audit_pb2 import AuditEntry
from .._generated.decision.admin.v1.credentials_pb2 import AdminCredential
from ..verdict import Reason
from ._base import Service, moment, usage_subject


class Credentials(Service):
    """Credentials of those who administer."""

    def create(self, credential: AdminCredential) -> credentials_pb2.CreateAdminCredentialResponse:
        """Makes a credential, of which ``name`` and ``role`` are needed; the answer has its ``token``, this one time."""
        request = credentials_pb2.CreateAdminCredentialRequest(credential=credential)
        return self._call(self._stub.CreateAdminCredential, request)  # type: ignore[no-any-return]

    def get(self, credential_id: str) -> credentials_pb2.GetAdminCredentialResponse:
        """One credential."""
        request = credentials_pb2.GetAdminCredentialRequest(credential_id=credential_id)
        return self._call(self._stub.GetAdminCredential, request)  # type: ignore[no-any-return]

    def list(self, *, show_ended: bool = False, page_size: int = 0) -> Iterator[AdminCredential]:
        """Every credential, page by page; with ``show_ended`` also those that have expired or were revoked."""
        request = credentials_pb2.ListAdminCredentialsRequest(show_ended=show_ended, page_size=page_size)
        return self._pages("ListAdminCredentials", request, "credentials")

    def revoke(self, credential_id: str) -> credentials_pb2.RevokeAdminCredentialResponse:
        """Ends a credential, at once."""
        request = credentials_pb2.RevokeAdminCredentialRequest(credential_id=credential_id)
        return self._call(self._stub.RevokeAdminCredential, request)  # type: ignore[no-any-return]

    def who_am_i(self) -> credentials_pb2.WhoAmIResponse:
        """The credential of this client."""
        return self._call(self._stub.WhoAmI, credentials_pb2.WhoAmIRequest())  # type: ignore[no-any-return]


class Audit(Service):
    """The log of what was done."""

    def list(
        self, *, since: Optional[datetime] = None, until: Optional[datetime] = None, actor: str = "", action: str = "", object_kind: str = "",
        object_id: str = "", organization_id: Optional[str] = None, outcome: "audit_pb2.AuditOutcome" = audit_pb2.AUDIT_OUTCOME_UNSPECIFIED, page_size: int = 0,
    ) -> Iterator[AuditEntry]:
        """Every entry that fits, the newest first, page by page. ``action`` may be all of a kind, ``policy.*``."""
        request = audit_pb2.ListAuditEntriesRequest(
            since=moment(since), until=moment(until), actor=actor, action=action, object_kind=object_kind, object_id=object_id,
            organization_id=organization_id, outcome=outcome, page_size=page_size,
        )
        return self._pages("ListAuditEntries", request, "entries")

    def verify(self, *, known_sequence: int = 0, known_hash: str = "") -> audit_pb2.VerifyAuditLogResponse:
        """Whether the log is as it was written; also from an entry on that was noted elsewhere."""
        request = audit_pb2.VerifyAuditLogRequest(known_sequence=known_sequence, known_hash=known_hash)
        return self._call(self._stub.VerifyAuditLog, request)  # type: ignore[no-any-return]


class Activity(Service):
    """What is decided."""

    def follow(
        self, *, organization_id: Optional[str] = None, key_id: str = "", policy_id: str = "", api_id: str = "", reasons: Iterable[Reason] = ()
    ) -> Iterator[activity_pb2.FollowRefusalsResponse]:
        """Refusals of the server that is asked, as they come, until the loop over them is left."""
        request = activity_pb2.FollowRefusalsRequest(
            organization_id=organization_id, key_id=key_id, policy_id=policy_id, api_id=api_id, reasons=[int(reason) for reason in reasons]  # type: ignore[misc]
        )
        return self._many(self._stub.FollowRefusals, request)  # type: ignore[no-any-return]

    def refused(
        self, by: "activity_pb2.RefusedBy" = activity_pb2.REFUSED_BY_KEY, *, organization_id: Optional[str] = None, limit: int = 0
    ) -> activity_pb2.ListRefusedResponse:
        """Who was refused most by the server that is asked, in the last five to ten minutes."""
        request = activity_pb2.ListRefusedRequest(by=by, organization_id=organization_id, limit=limit)
        return self._call(self._stub.ListRefused, request)  # type: ignore[no-any-return]

    def usage(
        self, *, key_id: str = "", policy_id: str = "", api_id: str = "", start: Optional[datetime] = None, end: Optional[datetime] = None
    ) -> activity_pb2.GetUsageHistoryResponse:
        """What was allowed and refused in each hour, of a key, a policy or an API: name one of them. Without times, the last 24 hours."""
        subject, subject_id = usage_subject(key_id, policy_id, api_id)
        request = activity_pb2.GetUsageHistoryRequest(subject=subject, id=subject_id, start=moment(start), end=moment(end))
        return self._call(self._stub.GetUsageHistory, request)  # type: ignore[no-any-return]
