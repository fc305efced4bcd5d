import type { CallFailure } from "./call-failure.js";

/** An answer, or why there is none; one of the two. */
export type CallOutcome<Response> = { readonly response: Response; readonly failure?: undefined } | { readonly response?: undefined; readonly failure: CallFailure };
