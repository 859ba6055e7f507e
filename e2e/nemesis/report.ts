import type { Verdict } from './checker';
import type { Violation } from './findings';

/** Counter-examples told of each kind. */
const EXAMPLES = 5;
/** Letters told of each piece of evidence. */
const EVIDENCE_LETTERS = 700;

/** A verdict for a reader: what is broken with its evidence, and what the history held. */
export function formatVerdict({ violations, tooLittle, figures }: Verdict): string {
  const codes = [...new Set(violations.map(({ code }) => code))];
  const lines = codes.flatMap((code) => {
    const found = violations.filter((violation) => violation.code === code);
    const more = found.length > EXAMPLES ? [`  and ${found.length - EXAMPLES} more`] : [];
    return [`VIOLATION ${code} (${found.length})`, ...found.slice(0, EXAMPLES).flatMap(exampleLines), ...more];
  });
  lines.push(...tooLittle.map((reason) => `TOO LITTLE ${reason}`));
  lines.push(
    Object.entries(figures)
      .map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
      .join(', '),
  );
  return lines.join('\n');
}

function exampleLines({ message, evidence }: Violation): readonly string[] {
  return [`  ${message}`, ...evidence.map((item) => `      ${JSON.stringify(item).slice(0, EVIDENCE_LETTERS)}`)];
}
