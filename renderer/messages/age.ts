const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** How long something lasted or lies back, as exactly as somebody wants to know; written alike in all languages. */
export function age(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${seconds} s`;
  return seconds < 2 * HOUR ? `${Math.floor(seconds / MINUTE)} min` : `${Math.floor(seconds / HOUR)} h`;
}
