"""What the shared cases do not say about the admin clients."""

import asyncio
import inspect
import os
import tempfile
import unittest
import uuid

from decision_client import AdminUnavailableError, AuthorizationRequest, ConflictError, DecisionConfigurationError, NotFoundError
from decision_client import admin as package
from decision_client.admin import AccessRight, AdminClient, AsyncAdminClient, Key, Policy, aio, client

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
        for name in ("Keys", "Policies", "Apis", "Organizations"):
            own = {method: list(inspect.signature(function).parameters) for method, function in vars(getattr(client, name)).items() if inspect.isfunction(function)}
            other = {method: list(inspect.signature(function).parameters) for method, function in vars(getattr(aio, name)).items() if inspect.isfunction(function)}
            self.assertEqual(own, other)
        self.assertEqual(sorted(package.__all__), package.__all__)


if __name__ == "__main__":
    unittest.main()
