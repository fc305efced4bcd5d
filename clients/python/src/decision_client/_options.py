"""Settings of a client, checked as a whole."""

import math
import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from . import _addresses
from ._addresses import Address
from .errors import DecisionConfigurationError
from .verdict import FailureMode

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_DEADLINE = 0.2
DEFAULT_BATCH_DEADLINE = 5.0
DEFAULT_MEMORY = 10_000

_SHORTEST = 0.001
_LONGEST_DEADLINE = 60.0
_LONGEST_BATCH_DEADLINE = 300.0
_LARGEST_MEMORY = 1_000_000


@dataclass(frozen=True)
class Tls:
    """How to know the service, and be known by it, on ``https`` addresses. The files are read again when they change."""

    ca_file: Optional[str] = None  #: PEM: the certificates that may have signed the service's. None = gRPC's own roots.
    certificate_file: Optional[str] = None  #: PEM: the certificate by which this client is known. With ``key_file``.
    key_file: Optional[str] = None  #: PEM: its private key, not encrypted.
    server_name: Optional[str] = None  #: The name that the service's certificate must have. None = the host of the address.

    @property
    def files(self) -> Tuple[str, ...]:
        return tuple(file for file in (self.ca_file, self.certificate_file, self.key_file) if file is not None)


@dataclass(frozen=True)
class Options:
    """Settings that are in order."""

    addresses: Tuple[Address, ...]
    failure_mode: FailureMode
    deadline: float
    batch_deadline: float
    token: Optional[str]
    tls: Tls
    denial_memory_capacity: int
    clock: Callable[[], float]


def checked(
    address: Union[str, Iterable[str]],
    failure_mode: Union[FailureMode, str],
    deadline: float,
    batch_deadline: float,
    token: Optional[str],
    tls: Optional[Tls],
    denial_memory_capacity: int,
    clock: Callable[[], float],
) -> Options:
    """The settings, or ``DecisionConfigurationError`` with everything that is wrong with them."""
    addresses, problems = _addresses.parse(address)
    mode = _mode(failure_mode, problems)
    _check_deadline("deadline", deadline, _LONGEST_DEADLINE, problems)
    _check_deadline("batch_deadline", batch_deadline, _LONGEST_BATCH_DEADLINE, problems)
    check_token("token", token, problems)
    if isinstance(denial_memory_capacity, bool) or not isinstance(denial_memory_capacity, int) or not 0 <= denial_memory_capacity <= _LARGEST_MEMORY:
        problems.append(f"denial_memory_capacity is {denial_memory_capacity}: write 0 (nothing is remembered) to {_LARGEST_MEMORY}.")
    check_tls(tls, addresses, problems)
    if problems:
        raise DecisionConfigurationError(problems)
    return Options(tuple(addresses), mode, float(deadline), float(batch_deadline), token, tls or Tls(), denial_memory_capacity, clock)


def from_environment(environ: Optional[Mapping[str, str]]) -> Dict[str, Any]:
    """Arguments of a client by what ``DECISION_...`` variables say; raises with everything that cannot be read."""
    variables = os.environ if environ is None else environ
    problems: List[str] = []
    arguments: Dict[str, Any] = {}
    for name, variable in (("address", "DECISION_ADDRESS"), ("failure_mode", "DECISION_FAILURE_MODE"), ("token", "DECISION_TOKEN")):
        if variables.get(variable):
            arguments[name] = variables[variable]
    for name, variable in (("deadline", "DECISION_DEADLINE"), ("batch_deadline", "DECISION_BATCH_DEADLINE")):
        text = variables.get(variable)
        if text:
            seconds = _duration(text)
            if seconds is None:
                problems.append(f"{variable} is '{text}': write a number with its unit, such as 200ms or 1s.")
            else:
                arguments[name] = seconds
    text = variables.get("DECISION_DENIAL_MEMORY_CAPACITY")
    if text:
        if text.isascii() and text.isdigit():
            arguments["denial_memory_capacity"] = int(text)
        else:
            problems.append(f"DECISION_DENIAL_MEMORY_CAPACITY is '{text}': write a whole number, 0 or more.")
    tls = tls_from_environment(variables)
    if tls is not None:
        arguments["tls"] = tls
    if problems:
        raise DecisionConfigurationError(problems)
    return arguments


def tls_from_environment(variables: Mapping[str, str]) -> Optional[Tls]:
    parts = {name: variables.get("DECISION_TLS_" + name.upper()) or None for name in ("ca_file", "certificate_file", "key_file", "server_name")}
    return Tls(**parts) if any(parts.values()) else None


def check_token(name: str, token: Optional[str], problems: List[str]) -> None:
    # The token itself is in no message.
    if token is not None and (not token or any(not "!" <= character <= "~" for character in token)):
        problems.append(f"{name} is empty or has characters other than visible ASCII: write it alone, without Bearer, or leave it out.")


def check_tls(tls: Optional[Tls], addresses: List[Address], problems: List[str]) -> None:
    if tls is None:
        return
    if addresses and not any(address.tls for address in addresses):
        problems.append("tls is set, but no address begins with https://: write the address so, or leave tls out.")
    if (tls.certificate_file is None) != (tls.key_file is None):
        problems.append("tls.certificate_file and tls.key_file belong together: write both or none.")
    for name, file, what in (
        ("ca_file", tls.ca_file, b"CERTIFICATE"), ("certificate_file", tls.certificate_file, b"CERTIFICATE"), ("key_file", tls.key_file, b"PRIVATE KEY")
    ):
        if file is not None:
            try:
                with open(file, "rb") as stream:
                    is_sound = b"-----BEGIN " in (text := stream.read()) and what + b"-----" in text
                trouble = "" if is_sound else f", which has no {what.decode()} in it"
            except OSError as error:
                trouble = f", which cannot be read ({error.strerror})"
            if trouble:
                problems.append(f"tls.{name} is '{file}'{trouble}: write a PEM file.")


def _mode(mode: Union[FailureMode, str], problems: List[str]) -> FailureMode:
    try:
        return mode if isinstance(mode, FailureMode) else FailureMode(mode.lower())
    except (ValueError, AttributeError):
        problems.append(f"failure_mode is '{mode}': write closed or open.")
        return FailureMode.CLOSED


def _check_deadline(name: str, value: float, longest: float, problems: List[str]) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not _SHORTEST <= value <= longest:
        problems.append(f"{name} is {value}: write {_SHORTEST} to {longest:g} seconds, such as {DEFAULT_DEADLINE}.")


def _duration(text: str) -> Optional[float]:
    # A bare number is refused: nobody can tell whether it means seconds or milliseconds.
    text = text.strip().lower()
    factor, number = (0.001, text[:-2]) if text.endswith("ms") else (1.0, text[:-1]) if text.endswith("s") else (0.0, "")
    try:
        seconds = float(number) * factor
    except ValueError:
        return None
    return seconds if factor and math.isfinite(seconds) else None
