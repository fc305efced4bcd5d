"""The package as its user gets it: built, installed into a fresh folder, and used as its README says."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid
import zipfile
from pathlib import Path
from typing import Any, Dict

from decision_client.admin import AdminClient, Key

from . import support

ROOT = support.PACKAGE.parent.parent


def run(*command: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, **settings)


@unittest.skipUnless(importlib.util.find_spec("build"), "build is not installed (Debian: python3-build)")
class Package(unittest.TestCase):
    folder: Path
    environment: Dict[str, str]
    key: str

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        shutil.copytree(support.PACKAGE, folder / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "dist", "*.egg-info", "tests"))
        # The wheel is made from the source distribution, so both are tried.
        built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(folder / "source"))
        assert built.returncode == 0, built.stdout
        cls.wheel = next((folder / "dist").glob("*.whl"))
        cls.folder = folder / "installed"
        installed = run(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(cls.folder), str(cls.wheel))
        assert installed.returncode == 0, installed.stdout
        server = support.server()
        cls.environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(cls.folder), "PYTHONDONTWRITEBYTECODE": "1", "DECISION_ADDRESS": server["grpc"], "DECISION_TOKEN": support.TOKEN,
            "DECISION_ADMIN_SECRET": server["secret"], "DECISION_DEADLINE": "30s",
        }
        with AdminClient(server["grpc"], secret=server["secret"], deadline=support.PATIENCE) as admin:
            cls.key = admin.keys.create(Key(org_id="conformance", apply_policies=["three"])).api_key

    def test_the_wheel_has_the_types_and_no_tests(self) -> None:
        names = zipfile.ZipFile(self.wheel).namelist()
        for name in ("decision_client/py.typed", "decision_client/_generated/decision/v1/authorize_pb2.pyi", "decision_client/admin/aio.py"):
            self.assertIn(name, names)
        self.assertFalse([name for name in names if "test" in name or "example" in name])

    def test_the_readme_s_example_runs(self) -> None:
        readme = (support.PACKAGE / "README.md").read_text(encoding="utf-8")
        found = re.search(r"```python\n(import sys\n.*?)```", readme, re.DOTALL)
        assert found is not None
        server = support.server()
        example = found[1].replace('"127.0.0.1:50051"', f'"{server["grpc"]}", token="{support.TOKEN}", deadline=30')
        self.assertNotEqual(found[1], example)
        said = [run(sys.executable, "-c", example, self.key, cwd="/", env=self.environment).stdout for _ in range(4)]
        self.assertEqual(["passes\n"] * 3 + ["429 RATE_LIMITED: Rate Limit Exceeded\n"], said)

    def test_the_examples_run(self) -> None:
        asked = run(sys.executable, str(support.PACKAGE / "examples" / "ask.py"), "no-such-key-at-all", cwd="/", env=self.environment)
        self.assertEqual((1, "403 KEY_UNKNOWN: Access to this API has been disallowed\n"), (asked.returncode, asked.stdout))
        administered = run(sys.executable, str(support.PACKAGE / "examples" / "admin.py"), cwd="/", env=self.environment)
        self.assertEqual(0, administered.returncode, administered.stdout)
        self.assertEqual(["ALLOWED"] * 3 + ["RATE_LIMITED"], administered.stdout.split("\n")[:4])
        self.assertIn("refused: policy.rate\n", administered.stdout)

    def test_the_application_examples_load(self) -> None:
        for module, what in (("flask", "flask_app"), ("fastapi", "fastapi_app")):
            if importlib.util.find_spec(module):
                loaded = run(sys.executable, "-c", f"import {what}; print(type({what}.app).__name__)", cwd=str(support.PACKAGE / "examples"), env=self.environment)
                self.assertEqual((0, module), (loaded.returncode, loaded.stdout.strip().lower()), loaded.stdout)

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is not installed (Debian: python3-mypy)")
    def test_who_uses_it_is_told_of_wrong_types(self) -> None:
        program = self.folder.parent / f"use_{uuid.uuid4().hex}.py"
        program.write_text(
            "from decision_client import AuthorizationRequest, DecisionClient\n"
            "client = DecisionClient('127.0.0.1:1', deadline='soon')\n"
            "wait: str = client.authorize(AuthorizationRequest(method='GET')).retry_after\n"
        )
        checked = run(sys.executable, "-m", "mypy", "--ignore-missing-imports", "--cache-dir", str(self.folder.parent / "mypy"), str(program), cwd="/", env={**self.environment, "MYPYPATH": str(self.folder)})
        self.assertIn('Argument "deadline"', checked.stdout)
        self.assertIn("Incompatible types in assignment", checked.stdout)
        self.assertIn("Found 2 errors", checked.stdout)


class Sources(unittest.TestCase):
    @unittest.skipUnless(shutil.which("protoc") and shutil.which("grpc_python_plugin"), "protoc is not installed (Debian: protobuf-compiler, protobuf-compiler-grpc)")
    def test_generated_code_is_fresh(self) -> None:
        checked = run(str(ROOT / "eng" / "generate-clients.sh"), "--check")
        self.assertEqual(0, checked.returncode, checked.stdout)

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is not installed (Debian: python3-mypy)")
    def test_types_are_complete(self) -> None:
        with tempfile.TemporaryDirectory() as cache:
            checked = run(sys.executable, "-m", "mypy", "--cache-dir", cache, "src/decision_client", cwd=str(support.PACKAGE))
        self.assertEqual(0, checked.returncode, checked.stdout)


if __name__ == "__main__":
    unittest.main()
