"""Asks for one key: python3 ask.py KEY, with the service on 127.0.0.1:50051 or where DECISION_ADDRESS says."""

import sys

from decision_client import AuthorizationRequest, DecisionClient


def main() -> int:
    with DecisionClient.from_environment() as client:
        verdict = client.authorize(AuthorizationRequest(api_key=sys.argv[1], api_id="orders", method="GET", path="/orders/1"))
    if verdict.allowed:
        for limit in verdict.limits:
            print(f"{limit.name}: {limit.remaining} of {limit.limit} left")
        return 0
    wait = "" if verdict.retry_after is None else f", in {verdict.retry_after:.0f} s again"
    print(f"{verdict.http_status} {verdict.reason}: {verdict.message}{wait}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
