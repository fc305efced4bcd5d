"""What is raised: mistakes of the caller or of its configuration, which no failure mode may cover up. A denial is no error."""

from dataclasses import dataclass
from typing import Mapping, Sequence, Tuple


@dataclass(frozen=True)
class FieldViolation:
    """One field of a request that is wrong."""

    field: str  #: As in the protocol, such as ``api_id``, or ``requests[3].cost`` in a batch.
    description: str  #: What is wrong and what to send.

    def __str__(self) -> str:
        return f"{self.field}: {self.description}"


class DecisionError(Exception):
    """The base of all that this package raises, but for ``DecisionConfigurationError``."""


class DecisionConfigurationError(ValueError):
    """Settings are wrong; every problem is named, with what to write instead."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems: Tuple[str, ...] = tuple(problems)


class DecisionRequestError(DecisionError):
    """The request is malformed, and asking again will not help. Nothing was spent."""

    def __init__(self, message: str, violations: Sequence[FieldViolation] = ()) -> None:
        super().__init__("; ".join(map(str, violations)) or message)
        self.violations: Tuple[FieldViolation, ...] = tuple(violations)  #: Every field that is wrong. Empty = the service named none.


class DecisionCredentialError(DecisionError):
    """The service does not let this client ask: its token or secret is missing, wrong, or does not cover the request. Nothing was spent."""


class AdminError(DecisionError):
    """An admin call was refused or failed."""

    def __init__(self, code: str, message: str, violations: Sequence[FieldViolation] = (), reason: str = "", details: Mapping[str, str] = {}) -> None:
        super().__init__("; ".join(map(str, violations)) or message)
        self.code = code  #: The gRPC status, such as ``INVALID_ARGUMENT``.
        self.violations: Tuple[FieldViolation, ...] = tuple(violations)  #: Every field that is wrong.
        self.reason = reason  #: The service's word for it, such as ``ETAG_MISMATCH``. Empty = none was given.
        self.details = dict(details)  #: What else the service says, by name.


class NotFoundError(AdminError):
    """There is no such key, policy, API or organisation."""


class ConflictError(AdminError):
    """It exists already, or somebody changed it since its ``etag`` was read."""


class AdminUnavailableError(AdminError):
    """The service could not be reached, or did not answer in time: whether the call had its effect is not known."""
