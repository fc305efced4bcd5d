"""Makes a policy and a key, uses the key up, and takes both away again. Needs DECISION_ADMIN_SECRET or DECISION_ADMIN_SECRET_FILE."""

from decision_client import AdminError, AuthorizationRequest, DecisionClient
from decision_client.admin import AccessRight, AdminClient, Key, Policy


def main() -> None:
    with AdminClient.from_environment() as admin, DecisionClient.from_environment() as client:
        admin.policies.create(Policy(id="example", org_id="example", rate=3, per=60, access_rights={"example-api": AccessRight()}))
        try:
            made = admin.keys.create(Key(org_id="example", alias="Zoë", apply_policies=["example"]))
            request = AuthorizationRequest(api_key=made.api_key, api_id="example-api", method="GET", path="/orders/1")
            for _ in range(4):
                print(client.authorize(request).reason)
            for step in admin.explain(request).response.steps:
                print(f"  {step.name}: {step.finding}")
            admin.keys.delete(made.key_id)
            try:
                admin.policies.update(Policy(id="example", rate=-7), ["rate"])
            except AdminError as error:
                for violation in error.violations:
                    print(f"refused: {violation.field}")
        finally:
            admin.policies.delete("example", force=True)


if __name__ == "__main__":
    main()
