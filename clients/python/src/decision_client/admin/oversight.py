"""Who administers, what they did, and what happens: for threads."""

from datetime import datetime
from typing import Iterator, Optional

from .._generated.decision.admin.v1 import activity_pb2, audit_pb2, credentials_pb2
from .._generated.decision.admin.v1.audit_pb2 import AuditEntry
from .._generated.decision.admin.v1.credentials_pb2 import AdminCredential
from ._base import timestamp
from ._services import Service


class Credentials(Service):
    """Credentials of those who administer."""

    def create(self, credential: AdminCredential) -> credentials_pb2.CreateAdminCredentialResponse:
        """Makes a credential; the answer has its ``token`` this one time."""
        request = credentials_pb2.CreateAdminCredentialRequest(credential=credential)
        return self._call(self._stub.CreateAdminCredential, request)  # type: ignore[no-any-return]

    def get(self, credential_id: str) -> credentials_pb2.GetAdminCredentialResponse:
        """One credential, also one that has ended."""
        request = credentials_pb2.GetAdminCredentialRequest(credential_id=credential_id)
        return self._call(self._stub.GetAdminCredential, request)  # type: ignore[no-any-return]

    def list(self, *, show_ended: bool = False, page_size: int = 0) -> Iterator[AdminCredential]:
        """Every credential, page by page; with ``show_ended`` also those that were revoked or have expired."""
        request = credentials_pb2.ListAdminCredentialsRequest(show_ended=show_ended, page_size=page_size)
        while True:
            page = self._call(self._stub.ListAdminCredentials, request)
            yield from page.credentials
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def revoke(self, credential_id: str) -> credentials_pb2.RevokeAdminCredentialResponse:
        """Ends a credential; the next call with it is refused."""
        request = credentials_pb2.RevokeAdminCredentialRequest(credential_id=credential_id)
        return self._call(self._stub.RevokeAdminCredential, request)  # type: ignore[no-any-return]

    def who_am_i(self) -> credentials_pb2.WhoAmIResponse:
        """The credential that this client has."""
        return self._call(self._stub.WhoAmI, credentials_pb2.WhoAmIRequest())  # type: ignore[no-any-return]


class Audit(Service):
    """The log of every act of administration."""

    def list(
        self,
        *,
        since: Optional[datetime] = None,
        until: Optional[datetime] = None,
        actor: str = "",
        action: str = "",
        object_kind: str = "",
        object_id: str = "",
        organization_id: Optional[str] = None,
        outcome: "audit_pb2.AuditOutcome" = audit_pb2.AUDIT_OUTCOME_UNSPECIFIED,
        page_size: int = 0,
    ) -> Iterator[AuditEntry]:
        """Every entry that fits, the newest first, page by page. Times need a time zone."""
        request = audit_pb2.ListAuditEntriesRequest(
            since=timestamp("since", since), until=timestamp("until", until), actor=actor, action=action, object_kind=object_kind, object_id=object_id,
            organization_id=organization_id, outcome=outcome, page_size=page_size,
        )
        while True:
            page = self._call(self._stub.ListAuditEntries, request)
            yield from page.entries
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def verify(self, *, known_sequence: int = 0, known_hash: str = "") -> audit_pb2.VerifyAuditLogResponse:
        """Whether the log is as it was written, and still has a place that was noted before."""
        request = audit_pb2.VerifyAuditLogRequest(known_sequence=known_sequence, known_hash=known_hash)
        return self._call(self._stub.VerifyAuditLog, request)  # type: ignore[no-any-return]


class Activity(Service):
    """What the service decides."""

    def refused(
        self,
        *,
        by: "activity_pb2.RefusedBy" = activity_pb2.REFUSED_BY_KEY,
        organization_id: Optional[str] = None,
        limit: int = 0,
    ) -> activity_pb2.ListRefusedResponse:
        """Who was refused most in the last minutes, by the server that answers."""
        request = activity_pb2.ListRefusedRequest(by=by, organization_id=organization_id, limit=limit)
        return self._call(self._stub.ListRefused, request)  # type: ignore[no-any-return]

    def usage_history(
        self,
        subject: "activity_pb2.UsageSubject",
        id: str,
        *,
        start: Optional[datetime] = None,
        end: Optional[datetime] = None,
    ) -> activity_pb2.GetUsageHistoryResponse:
        """Requests of a key, policy or API that were allowed and refused, by the hour. Times need a time zone."""
        request = activity_pb2.GetUsageHistoryRequest(subject=subject, id=id, start=timestamp("start", start), end=timestamp("end", end))
        return self._call(self._stub.GetUsageHistory, request)  # type: ignore[no-any-return]
