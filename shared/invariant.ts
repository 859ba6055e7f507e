/** A kiosk found itself wrong. Never caught to go on: the driver logs it and stops the kiosk. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Stays on in production: a kiosk that finds itself wrong stops, loudly. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
