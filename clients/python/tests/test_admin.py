"""What the shared cases do not say about the admin clients."""

import asyncio
import inspect
import os
import tempfile
import unittest
import uuid
from datetime import datetime, timedelta, timezone

from decision_client import (
    AdminError, AdminUnavailableError, AsyncDecisionClient, AuthorizationRequest, ConflictError, DecisionConfigurationError, DecisionCredentialError, NotFoundError, Reason,
)
from decision_client import admin as package
from decision_client.admin import ADMIN_ROLE_VIEWER, AccessRight, AdminClient, AdminCredential, AsyncAdminClient, Key, Policy, WantedPolicies, aio, client

from . import support


class Admin(unittest.TestCase):
    def setUp(self) -> None:
        server = support.server()
        self.settings = {"address": server["grpc"], "secret": server["secret"], "deadline": support.PATIENCE}

    def test_lists_go_over_all_pages(self) -> None:
        tag = uuid.uuid4().hex
        with AdminClient(**self.settings) as admin:
            made = {admin.keys.create(Key(org_id="conformance", apply_policies=["three"], tags=[tag])).key_id for _ in range(5)}
            self.assertEqual(made, {key.key_id for key in admin.keys.list(tag=tag, page_size=2)})

        async def listed() -> "set[str]":
            async with AsyncAdminClient(**self.settings) as admin:
                return {key.key_id async for key in admin.keys.list(tag=tag, page_size=2)}

        self.assertEqual(made, asyncio.run(listed()))

    def test_explain_takes_a_key_by_its_id(self) -> None:
        request = AuthorizationRequest(api_id="orders", method="GET", path="/orders/1")
        with AdminClient(**self.settings) as admin:
            made = admin.keys.create(Key(alias="named", access_rights={"orders": AccessRight()}))
            self.assertEqual("named", admin.explain(request, key_id=made.key_id).verdict.alias)

        async def explained() -> str:
            async with AsyncAdminClient(**self.settings) as admin:
                return (await admin.explain(request, key_id=made.key_id)).verdict.alias

        self.assertEqual("named", asyncio.run(explained()))

    def test_errors_have_types_and_a_reason(self) -> None:
        name = "typed-" + uuid.uuid4().hex
        with AdminClient(**self.settings) as admin:
            with self.assertRaises(NotFoundError) as missing:
                admin.policies.get(name)
            self.assertEqual(("NOT_FOUND", "NOT_FOUND"), (missing.exception.code, missing.exception.reason))
            admin.policies.create(Policy(id=name, org_id="conformance", access_rights={"orders": AccessRight()}))
            with self.assertRaises(ConflictError):
                admin.policies.create(Policy(id=name, org_id="conformance", access_rights={"orders": AccessRight()}))
            admin.policies.delete(name)

    def test_a_service_that_is_away_is_an_error_of_its_own(self) -> None:
        with AdminClient(f"127.0.0.1:{support.free_port()}", secret="any-secret") as admin, self.assertRaises(AdminUnavailableError) as raised:
            admin.keys.get("any")
        self.assertEqual("UNAVAILABLE", raised.exception.code)

    def test_a_text_of_a_policy_file_is_validated(self) -> None:
        with AdminClient(**self.settings) as admin:
            self.assertFalse(admin.policies.validate(document='{"a": {"rate": -7, "per": 1}}').valid)
            self.assertGreater(admin.policies.reload().policies_loaded, 0)

    def test_a_rotated_key_is_accepted_while_both_overlap(self) -> None:
        from decision_client import DecisionClient

        with AdminClient(**self.settings) as admin, DecisionClient(self.settings["address"], token=support.TOKEN, deadline=support.PATIENCE) as decisions:
            made = admin.keys.create(Key(org_id="conformance", apply_policies=["three"]))
            rotated = admin.keys.rotate(made.key_id, overlap=60.5)
            for text in (made.api_key, rotated.api_key):
                self.assertTrue(decisions.authorize(AuthorizationRequest(api_key=text, api_id="orders", method="GET", path="/orders/1")))

    def test_policies_are_previewed_and_applied_as_a_whole(self) -> None:
        name = "applied-" + uuid.uuid4().hex
        wanted = WantedPolicies(policies=[Policy(id=name, org_id="conformance", rate=1, per=1, access_rights={"orders": AccessRight()})])

        async def previewed() -> "list[str]":
            async with AsyncAdminClient(**self.settings) as admin:
                return [str(event.WhichOneof("event")) async for event in admin.policies.preview(wanted)]

        with AdminClient(**self.settings) as admin:
            events = list(admin.policies.preview(wanted))
            self.assertEqual([name], [change.id for change in events[0].plan.policies])
            self.assertEqual("effect", events[-1].WhichOneof("event"))
            self.assertEqual([event.WhichOneof("event") for event in events], asyncio.run(previewed()))
            self.assertFalse(admin.policies.apply(wanted, dry_run=True).applied)
            self.assertTrue(admin.policies.apply(wanted, fingerprint=events[0].plan.fingerprint).applied)
            self.assertEqual(1, admin.policies.get(name).policy.revision)

    def test_refusals_are_followed_until_the_loop_is_left(self) -> None:
        with AdminClient(**self.settings) as admin:
            made = admin.keys.create(Key(org_id="conformance", apply_policies=["three"], is_inactive=True))
            self.assertEqual((made.key_id, ""), (admin.keys.find(made.api_key), admin.keys.find("nobody-has-this-key")))
        asked = AuthorizationRequest(api_key=made.api_key, api_id="orders", method="GET", path="/orders/1")

        async def followed() -> "tuple[str, int]":
            async with AsyncAdminClient(**self.settings) as admin, AsyncDecisionClient(
                self.settings["address"], token=support.TOKEN, deadline=support.PATIENCE
            ) as decisions:
                told: "asyncio.Future[tuple[str, int]]" = asyncio.get_running_loop().create_future()

                async def follow() -> None:
                    async for refusal in admin.activity.follow(key_id=made.key_id, reasons=[Reason.KEY_INACTIVE]):
                        told.set_result((refusal.decision.key_id, refusal.decision.reason))
                        return

                following = asyncio.ensure_future(follow())
                # It tells what comes once it follows.
                while not told.done() and not following.done():
                    await decisions.authorize(asked)
                await following
                return told.result()

        self.assertEqual((made.key_id, Reason.KEY_INACTIVE), asyncio.run(followed()))

    def test_streams_are_refused_and_fail_as_other_calls_do(self) -> None:
        with AdminClient(**self.settings) as admin, self.assertRaises(AdminError) as malformed:
            list(admin.policies.preview(None))
        self.assertEqual("INVALID_ARGUMENT", malformed.exception.code)
        with AdminClient(**{**self.settings, "secret": "not-the-secret"}) as wrong, self.assertRaises(DecisionCredentialError):
            next(wrong.activity.follow())
        with AdminClient(f"127.0.0.1:{support.free_port()}", secret="any-secret") as away, self.assertRaises(AdminUnavailableError):
            next(away.activity.follow())

    def test_credentials_and_audit_tell_who_did_what(self) -> None:
        with AdminClient(**self.settings) as admin:
            made = admin.credentials.create(AdminCredential(name="reader", role=ADMIN_ROLE_VIEWER))
            name = made.credential.credential_id
            with AdminClient(**{**self.settings, "secret": made.token}) as reader:
                self.assertEqual("reader", reader.credentials.who_am_i().credential.name)
                with self.assertRaisesRegex(DecisionCredentialError, "needs the role admin"):
                    reader.policies.delete("three")
            self.assertEqual("reader", admin.credentials.get(name).credential.name)
            self.assertTrue(admin.credentials.revoke(name).credential.HasField("revoke_time"))
            self.assertNotIn(name, [each.credential_id for each in admin.credentials.list()])
            self.assertIn(name, [each.credential_id for each in admin.credentials.list(show_ended=True, page_size=1)])
            since = datetime.now(timezone.utc) - timedelta(hours=1)
            self.assertEqual(
                ["credential.revoke", "credential.create"], [entry.action for entry in admin.audit.list(object_id=name, since=since, page_size=1)]
            )
            self.assertTrue(admin.audit.verify().valid)

    def test_use_is_asked_of_one_thing(self) -> None:
        with AdminClient(**self.settings) as admin:
            self.assertIsNotNone(admin.activity.refused().since)
            with self.assertRaisesRegex(ValueError, "Name one of"):
                admin.activity.usage()
            # The server of the tests does not keep it.
            with self.assertRaises(AdminError) as off:
                admin.activity.usage(policy_id="three", start=datetime(2026, 1, 1), end=datetime(2026, 1, 2))
            self.assertEqual("FAILED_PRECONDITION", off.exception.code)

    def test_settings_that_are_wrong(self) -> None:
        for arguments, part in (
            ({}, "secret is missing"), ({"secret": ""}, "secret is empty"), ({"secret": "a b"}, "secret is empty or has"), ({"secret": "s", "deadline": 0}, "deadline is 0"),
            ({"secret": "s", "address": "a:1,b:1"}, "takes one"), ({"secret": "s", "address": "nowhere"}, "'nowhere'"),
        ):
            for kind in (AdminClient, AsyncAdminClient):
                with self.subTest(part), self.assertRaises(DecisionConfigurationError) as raised:
                    kind(**arguments)
                self.assertIn(part, str(raised.exception))

    def test_the_environment(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(str(self.settings["secret"]) + "\n")
            file.flush()
            variables = {"DECISION_ADDRESS": f"{self.settings['address']}, 127.0.0.1:1", "DECISION_ADMIN_SECRET_FILE": file.name}
            with AdminClient.from_environment(variables) as admin:
                self.assertTrue(admin.policies.get("three").policy.id)
        with self.assertRaisesRegex(DecisionConfigurationError, "cannot be read"):
            AdminClient.from_environment({"DECISION_ADMIN_SECRET_FILE": os.path.join(tempfile.gettempdir(), uuid.uuid4().hex)})

    def test_both_clients_have_the_same_calls(self) -> None:
        for name in ("Keys", "Policies", "Apis", "Organizations", "Credentials", "Audit", "Activity"):
            own = {method: list(inspect.signature(function).parameters) for method, function in vars(getattr(client, name)).items() if inspect.isfunction(function)}
            other = {method: list(inspect.signature(function).parameters) for method, function in vars(getattr(aio, name)).items() if inspect.isfunction(function)}
            self.assertEqual(own, other)
        self.assertEqual(sorted(package.__all__), package.__all__)


if __name__ == "__main__":
    unittest.main()
