"""Runs every test and ends with ``N passed, N failed, N skipped``: python3 -m tests, from clients/python."""

import sys
import unittest
from pathlib import Path


def main() -> int:
    here = Path(__file__).resolve().parent
    tests = unittest.defaultTestLoader.discover(str(here), top_level_dir=str(here.parent))
    result = unittest.TextTestRunner(verbosity=1).run(tests)
    # A test that fails in several steps is one; one whose class could not be set up never ran.
    failed = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors} | {test.id() for test in result.unexpectedSuccesses}
    skipped = len(result.skipped)
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    passed = max(0, result.testsRun - len({name for name in failed if not name.startswith("setUpClass")}) - skipped)
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
