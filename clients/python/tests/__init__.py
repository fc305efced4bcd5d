"""Run from clients/python: python3 -m unittest discover -t . -s tests"""

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

# What tests provoke is no news.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
logging.getLogger("decision_client").addHandler(logging.NullHandler())
