const NO_TEXT = new Set(['radio', 'checkbox', 'button']);

/** Whether a letter that is typed there stays there. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !NO_TEXT.has(target.type));
}
