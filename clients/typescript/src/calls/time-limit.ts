import type { CallLimits } from "./unary-call.js";

/** A promise that fails when the time is over or the caller gives up, whichever is first; it must be cleared. */
export function timeLimit(limits: CallLimits, error: () => unknown): { readonly passed: Promise<never>; clear(): void } {
  let clear = (): void => undefined;
  const passed = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(error()), Math.max(0, limits.until - performance.now()));
    const onAbort = (): void => reject(limits.signal?.reason);
    limits.signal?.addEventListener("abort", onAbort, { once: true });
    clear = () => {
      clearTimeout(timer);
      limits.signal?.removeEventListener("abort", onAbort);
    };
  });
  passed.catch(() => undefined);
  return { passed, clear };
}
