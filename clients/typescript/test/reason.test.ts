import assert from "node:assert/strict";
import { test } from "node:test";
import { Reason as WireReason } from "../src/gen/decision/v1/authorize_pb.js";
import { Reason } from "../src/reason.js";

test("reasons_are_those_of_the_protocol_and_the_client_s_own", () => {
  const wire = Object.keys(WireReason).filter((name) => !/^\d+$/.test(name));

  assert.deepEqual(new Set(Object.values(Reason)), new Set([...wire, "SERVICE_UNAVAILABLE"]));
});
