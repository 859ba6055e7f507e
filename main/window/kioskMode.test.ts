import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ powerSaveBlocker: {} }));
const { isLockedKey } = await import('./kioskMode');

const plain = { control: false, meta: false, alt: false };

it('locks the keys that lead out of the page, and leaves those that a clerk types with', () => {
  for (const key of ['F1', 'F5', 'F11', 'F12', 'Meta', 'BrowserBack']) expect(isLockedKey({ ...plain, key }), key).toBe(true);
  for (const key of ['q', 'w', 'r', 'p', 'Tab', '+', 'I']) expect(isLockedKey({ ...plain, control: true, key }), key).toBe(true);
  for (const key of ['F4', 'Tab', 'ArrowLeft', ' ']) expect(isLockedKey({ ...plain, alt: true, key }), key).toBe(true);
  expect(isLockedKey({ ...plain, meta: true, key: 'q' })).toBe(true);
  for (const key of ['1', 'a', 'Enter', 'Escape', 'Tab', 'ArrowLeft', 'f', 'F']) expect(isLockedKey({ ...plain, key }), key).toBe(false);
  for (const key of ['a', 'c', 'v', 'x', 'z']) expect(isLockedKey({ ...plain, control: true, key }), key).toBe(false);
  // AltGr and e on a German keyboard.
  expect(isLockedKey({ ...plain, control: true, alt: true, key: '€' })).toBe(false);
});
