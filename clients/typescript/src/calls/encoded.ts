import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { DecisionRequestError } from "../errors.js";

/** A message as bytes. */
export function encoded<I extends DescMessage>(schema: I, message: MessageInitShape<I>): Uint8Array {
  try {
    return toBinary(schema, create(schema, message));
  } catch (error) {
    // Such as a number where a bigint is needed, from a program that no compiler checked.
    throw new DecisionRequestError(`The request cannot be sent: ${(error as Error).message}`, { cause: error });
  }
}
