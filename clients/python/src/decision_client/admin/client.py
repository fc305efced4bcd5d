"""The admin client for threads."""

from types import TracebackType
from typing import Any, Iterable, Iterator, Optional, Type

import grpc

from .. import _failures, _mapping
from .._generated.decision.admin.v1 import apis_pb2, keys_pb2, organizations_pb2, policies_pb2
from .._generated.decision.admin.v1.activity_pb2_grpc import ActivityServiceStub
from .._generated.decision.admin.v1.apis_pb2 import Api
from .._generated.decision.admin.v1.apis_pb2_grpc import ApiAdminServiceStub
from .._generated.decision.admin.v1.audit_pb2_grpc import AuditServiceStub
from .._generated.decision.admin.v1.credentials_pb2_grpc import AdminCredentialServiceStub
from .._generated.decision.admin.v1.keys_pb2 import Key
from .._generated.decision.admin.v1.keys_pb2_grpc import KeyServiceStub
from .._generated.decision.admin.v1.organizations_pb2 import Organization
from .._generated.decision.admin.v1.organizations_pb2_grpc import OrganizationAdminServiceStub
from .._generated.decision.admin.v1.policies_pb2 import Policy, WantedPolicies
from .._generated.decision.admin.v1.policies_pb2_grpc import PolicyAdminServiceStub
from .._generated.decision.v1 import authorize_pb2
from .._generated.decision.v1.authorize_pb2_grpc import AuthorizeServiceStub
from ..client import open_channel
from ..request import AuthorizationRequest
from ._base import AdminBase, Explanation, Service, duration, mask, to_explanation
from .oversight import Activity, Audit, Credentials


class AdminClient(AdminBase):
    __doc__ = AdminBase.__doc__

    keys: "Keys"
    policies: "Policies"
    apis: "Apis"
    organizations: "Organizations"
    credentials: Credentials
    audit: Audit
    activity: Activity

    def explain(self, request: AuthorizationRequest, *, key_id: str = "") -> Explanation:
        """Decides a request as of now without spending, and tells how it came to that.

        key_id: the key by its id, as though the client had presented it; the request has none then.
        """
        asked = authorize_pb2.ExplainRequest(request=_mapping.to_wire(request), key_id=key_id)
        return to_explanation(self._call(AuthorizeServiceStub(self._channel).Explain, asked))

    def close(self) -> None:
        """Closes the connection."""
        self._channel.close()

    def __enter__(self) -> "AdminClient":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def _begin(self) -> None:
        self._channel = open_channel(self._address, self._tls)
        self.keys = Keys(lambda: KeyServiceStub(self._channel), self._call, self._many)
        self.policies = Policies(lambda: PolicyAdminServiceStub(self._channel), self._call, self._many)
        self.apis = Apis(lambda: ApiAdminServiceStub(self._channel), self._call, self._many)
        self.organizations = Organizations(lambda: OrganizationAdminServiceStub(self._channel), self._call, self._many)
        self.credentials = Credentials(lambda: AdminCredentialServiceStub(self._channel), self._call, self._many)
        self.audit = Audit(lambda: AuditServiceStub(self._channel), self._call, self._many)
        self.activity = Activity(lambda: ActivityServiceStub(self._channel), self._call, self._many)

    def _call(self, method: Any, request: Any) -> Any:
        try:
            return method(request, timeout=self._deadline, metadata=self._metadata)
        except grpc.RpcError as error:
            raise _failures.of_admin(error) from error

    def _many(self, method: Any, request: Any) -> Iterator[Any]:
        # It lasts as long as whoever reads it likes.
        call = method(request, metadata=self._metadata)
        try:
            yield from call
        except grpc.RpcError as error:
            raise _failures.of_admin(error) from error
        finally:
            call.cancel()


class Keys(Service):
    """Keys and their use."""

    def create(self, key: Key, api_key: str = "") -> keys_pb2.CreateKeyResponse:
        """Makes a key; the answer has its text, ``api_key``, this one time. ``api_key`` here is a text to use instead of a made one, for import."""
        return self._call(self._stub.CreateKey, keys_pb2.CreateKeyRequest(key=key, api_key=api_key))  # type: ignore[no-any-return]

    def get(self, key_id: str, *, effective: bool = False) -> keys_pb2.GetKeyResponse:
        """A key as it is stored, or with its policies applied."""
        view = keys_pb2.KEY_VIEW_EFFECTIVE if effective else keys_pb2.KEY_VIEW_STORED
        return self._call(self._stub.GetKey, keys_pb2.GetKeyRequest(key_id=key_id, view=view))  # type: ignore[no-any-return]

    def list(
        self, *, organization_id: Optional[str] = None, policy_id: str = "", tag: str = "", alias: str = "", page_size: int = 0
    ) -> Iterator[Key]:
        """Every key that fits, page by page."""
        request = keys_pb2.ListKeysRequest(organization_id=organization_id, policy_id=policy_id, tag=tag, alias=alias, page_size=page_size)
        return self._pages("ListKeys", request, "keys")

    def update(self, key: Key, fields: Optional[Iterable[str]] = None) -> keys_pb2.UpdateKeyResponse:
        """Changes the named fields; without names those that are not empty in ``key``. With the ``etag`` that was read, nobody's change is lost."""
        return self._call(self._stub.UpdateKey, keys_pb2.UpdateKeyRequest(key=key, update_mask=mask(fields)))  # type: ignore[no-any-return]

    def delete(self, key_id: str, *, etag: str = "") -> None:
        """Removes a key; the next request with it is refused."""
        self._call(self._stub.DeleteKey, keys_pb2.DeleteKeyRequest(key_id=key_id, etag=etag))

    def find(self, api_key: str) -> str:
        """The id of the key with this text; "" = no key has it."""
        return self._call(self._stub.FindKey, keys_pb2.FindKeyRequest(api_key=api_key)).key_id  # type: ignore[no-any-return]

    def rotate(self, key_id: str, *, overlap: float = 0, etag: str = "") -> keys_pb2.RotateKeyResponse:
        """Gives a key a new text, with the same id, limits and use. The old one is accepted for ``overlap`` seconds more."""
        request = keys_pb2.RotateKeyRequest(key_id=key_id, overlap=duration(overlap), etag=etag)
        return self._call(self._stub.RotateKey, request)  # type: ignore[no-any-return]

    def usage(self, key_id: str) -> keys_pb2.GetUsageResponse:
        """What is used of every limit of a key."""
        return self._call(self._stub.GetUsage, keys_pb2.GetUsageRequest(key_id=key_id))  # type: ignore[no-any-return]

    def reset_usage(self, key_id: str, *, name: str = "", scope: str = "") -> keys_pb2.ResetUsageResponse:
        """Makes limits whole again: all of the key's own, or those of a name (``rate``, ``quota``) or scope. The answer says which."""
        request = keys_pb2.ResetUsageRequest(key_id=key_id, name=name, scope=scope)
        return self._call(self._stub.ResetUsage, request)  # type: ignore[no-any-return]

    def adjust_usage(self, key_id: str, delta: int, *, scope: str = "", api_id: str = "") -> keys_pb2.AdjustUsageResponse:
        """Adds units to the use of a quota; -5 leaves the key 5 more."""
        request = keys_pb2.AdjustUsageRequest(key_id=key_id, delta=delta, scope=scope, api_id=api_id)
        return self._call(self._stub.AdjustUsage, request)  # type: ignore[no-any-return]


class Policies(Service):
    """Policies and their revisions. One that comes from a file is read-only here."""

    def create(self, policy: Policy) -> policies_pb2.CreatePolicyResponse:
        """Makes a policy."""
        return self._call(self._stub.CreatePolicy, policies_pb2.CreatePolicyRequest(policy=policy))  # type: ignore[no-any-return]

    def get(self, id: str) -> policies_pb2.GetPolicyResponse:
        """One policy."""
        return self._call(self._stub.GetPolicy, policies_pb2.GetPolicyRequest(id=id))  # type: ignore[no-any-return]

    def list(self, *, organization_id: Optional[str] = None, page_size: int = 0) -> Iterator[Policy]:
        """Every policy that fits, page by page."""
        request = policies_pb2.ListPoliciesRequest(organization_id=organization_id, page_size=page_size)
        return self._pages("ListPolicies", request, "policies")

    def update(self, policy: Policy, fields: Optional[Iterable[str]] = None) -> policies_pb2.UpdatePolicyResponse:
        """Changes the named fields; without names those that are not empty in ``policy``. It counts at the next request of every key."""
        return self._call(self._stub.UpdatePolicy, policies_pb2.UpdatePolicyRequest(policy=policy, update_mask=mask(fields)))  # type: ignore[no-any-return]

    def delete(self, id: str, *, etag: str = "", force: bool = False) -> policies_pb2.DeletePolicyResponse:
        """Removes a policy; refused while keys use it, unless ``force``."""
        request = policies_pb2.DeletePolicyRequest(id=id, etag=etag, force=force)
        return self._call(self._stub.DeletePolicy, request)  # type: ignore[no-any-return]

    def revisions(self, id: str, *, page_size: int = 0) -> Iterator[policies_pb2.PolicyRevision]:
        """Every revision, page by page."""
        request = policies_pb2.ListPolicyRevisionsRequest(id=id, page_size=page_size)
        return self._pages("ListPolicyRevisions", request, "revisions")

    def rollback(self, id: str, revision: int, *, etag: str = "") -> policies_pb2.RollbackPolicyResponse:
        """Writes an earlier revision as a new one."""
        request = policies_pb2.RollbackPolicyRequest(id=id, revision=revision, etag=etag)
        return self._call(self._stub.RollbackPolicy, request)  # type: ignore[no-any-return]

    def validate(self, policy: Optional[Policy] = None, *, document: str = "") -> policies_pb2.ValidatePolicyResponse:
        """Everything that is wrong with a policy, or with the text of a policy file. Nothing is stored."""
        candidate = policies_pb2.ValidatePolicyRequest(document=document) if policy is None else policies_pb2.ValidatePolicyRequest(policy=policy)
        return self._call(self._stub.ValidatePolicy, candidate)  # type: ignore[no-any-return]

    def apply(
        self, wanted: WantedPolicies, *, dry_run: bool = False, force: bool = False, fingerprint: str = "", max_keys: Optional[int] = None
    ) -> policies_pb2.ApplyPoliciesResponse:
        """Makes the stored policies what ``wanted`` says, all of it or nothing. With the ``fingerprint`` of a plan, only that plan is done; ``force`` also
        removes policies that keys use."""
        request = policies_pb2.ApplyPoliciesRequest(wanted=wanted, dry_run=dry_run, force=force, fingerprint=fingerprint, max_keys=max_keys)
        return self._call(self._stub.ApplyPolicies, request)  # type: ignore[no-any-return]

    def preview(self, wanted: WantedPolicies, *, max_keys: Optional[int] = None) -> Iterator[policies_pb2.PreviewPoliciesResponse]:
        """What ``apply`` would do: the plan, how far the look at the keys is, and last what changes for them."""
        request = policies_pb2.PreviewPoliciesRequest(wanted=wanted, max_keys=max_keys)
        return self._many(self._stub.PreviewPolicies, request)  # type: ignore[no-any-return]

    def reload(self) -> policies_pb2.ReloadPoliciesResponse:
        """Reads the policy files again."""
        return self._call(self._stub.ReloadPolicies, policies_pb2.ReloadPoliciesRequest())  # type: ignore[no-any-return]


class Apis(Service):
    """The API registry."""

    def create(self, api: Api) -> apis_pb2.CreateApiResponse:
        """Makes an entry."""
        return self._call(self._stub.CreateApi, apis_pb2.CreateApiRequest(api=api))  # type: ignore[no-any-return]

    def get(self, api_id: str) -> apis_pb2.GetApiResponse:
        """One entry."""
        return self._call(self._stub.GetApi, apis_pb2.GetApiRequest(api_id=api_id))  # type: ignore[no-any-return]

    def list(self, *, organization_id: Optional[str] = None, page_size: int = 0) -> Iterator[Api]:
        """Every entry that fits, page by page."""
        request = apis_pb2.ListApisRequest(organization_id=organization_id, page_size=page_size)
        return self._pages("ListApis", request, "apis")

    def update(self, api: Api, fields: Optional[Iterable[str]] = None) -> apis_pb2.UpdateApiResponse:
        """Changes the named fields; without names those that are not empty in ``api``."""
        return self._call(self._stub.UpdateApi, apis_pb2.UpdateApiRequest(api=api, update_mask=mask(fields)))  # type: ignore[no-any-return]

    def delete(self, api_id: str, *, etag: str = "") -> None:
        """Removes an entry."""
        self._call(self._stub.DeleteApi, apis_pb2.DeleteApiRequest(api_id=api_id, etag=etag))


class Organizations(Service):
    """Organisations and their limits."""

    def create(self, organization: Organization) -> organizations_pb2.CreateOrganizationResponse:
        """Makes an organisation."""
        request = organizations_pb2.CreateOrganizationRequest(organization=organization)
        return self._call(self._stub.CreateOrganization, request)  # type: ignore[no-any-return]

    def get(self, organization_id: str) -> organizations_pb2.GetOrganizationResponse:
        """One organisation."""
        request = organizations_pb2.GetOrganizationRequest(organization_id=organization_id)
        return self._call(self._stub.GetOrganization, request)  # type: ignore[no-any-return]

    def list(self, *, page_size: int = 0) -> Iterator[Organization]:
        """Every organisation, page by page."""
        request = organizations_pb2.ListOrganizationsRequest(page_size=page_size)
        return self._pages("ListOrganizations", request, "organizations")

    def update(self, organization: Organization, fields: Optional[Iterable[str]] = None) -> organizations_pb2.UpdateOrganizationResponse:
        """Changes the named fields; without names those that are not empty in ``organization``."""
        request = organizations_pb2.UpdateOrganizationRequest(organization=organization, update_mask=mask(fields))
        return self._call(self._stub.UpdateOrganization, request)  # type: ignore[no-any-return]

    def delete(self, organization_id: str, *, etag: str = "") -> None:
        """Removes an organisation."""
        self._call(self._stub.DeleteOrganization, organizations_pb2.DeleteOrganizationRequest(organization_id=organization_id, etag=etag))
