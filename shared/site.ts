import { z } from 'zod';
import { type KioskId, kioskIdSchema } from './ballot';
import { MAX_CAPACITY, MAX_PRICE_CENTS, NAME_ID, PAGE_BYTES } from './constants';

/** Event and category ids appear in commands (`buy 2 event/category`), so neither may hold a slash or a space. */
export const nameIdSchema = z.string().regex(NAME_ID, 'must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit');

/** Site ids name a folder, so they are kept to what every file system takes. */
export const siteIdSchema = nameIdSchema;

export const categorySchema = z.strictObject({
  id: nameIdSchema,
  name: z.string().min(1).max(80),
  /** Price in cents of the site's currency; 0 is a free ticket. */
  price: z.int().min(0).max(MAX_PRICE_CENTS),
});
export type CategorySpec = z.infer<typeof categorySchema>;

export const eventSchema = z.strictObject({
  id: nameIdSchema,
  name: z.string().min(1).max(120),
  /** When it begins, ISO 8601 with offset; left out for an open-ended pool. */
  starts: z.iso.datetime({ offset: true }).optional(),
  /** Number of tickets in the pool, shared by all categories. */
  capacity: z.int().min(1).max(MAX_CAPACITY),
  categories: z.array(categorySchema).min(1).max(20),
});
export type EventSpec = z.infer<typeof eventSchema>;

export const hostSchema = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$|^::1?$/, 'must be a host name or an IP address');
export const portSchema = z.int().min(1).max(65535);

export const kioskSpecSchema = z.strictObject({
  id: kioskIdSchema,
  name: z.string().min(1).max(80),
  host: hostSchema,
  port: portSchema,
  /** Decides between kiosks that would take over at the same moment; higher goes first. */
  priority: z.int().min(0).max(255).default(0),
});
export type KioskSpec = z.infer<typeof kioskSpecSchema>;

function unique<T>(items: readonly T[], key: (item: T) => string | number, what: string, path: string, context: z.RefinementCtx): void {
  const seen = new Set<string | number>();
  items.forEach((item, index) => {
    const id = key(item);
    if (seen.has(id)) context.addIssue({ code: 'custom', path: [path, index], message: `${what} ${id} appears twice` });
    seen.add(id);
  });
}

function isTimeZone(name: string): boolean {
  // Each start asks: the list is there in a tenth of the time that the first format takes. Other names of a zone are not in it.
  if (Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const siteSchema = z
  .strictObject({
    site: siteIdSchema,
    /** Random, made once by `site create`: two sites of one name are still two sites. */
    uid: z.string().regex(/^[a-z0-9]{8,64}$/, 'must be 8 to 64 of a-z 0-9'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter currency code'),
    timeZone: z.string().refine(isTimeZone, 'is not a time zone that this machine knows'),
    place: z.string().max(120),
    /** A site to try things out: its windows begin with a signed-in clerk and an open shift. */
    demo: z.literal(true).optional(),
    kiosks: z.array(kioskSpecSchema).min(1).max(255),
    members: z.array(kioskIdSchema).min(1).max(9),
    events: z.array(eventSchema).min(1).max(200),
    /** Serial numbers of certificates that are not to be linked with any more. */
    revoked: z
      .array(z.string().regex(/^[0-9A-F]{1,40}$/, "must be a certificate's serial number"))
      .max(1_000)
      .optional(),
  })
  .superRefine((site, context) => {
    unique(site.kiosks, (kiosk) => kiosk.id, 'kiosk', 'kiosks', context);
    unique(site.kiosks, (kiosk) => `${kiosk.host}:${kiosk.port}`, 'address', 'kiosks', context);
    unique(site.members, (member) => member, 'member', 'members', context);
    unique(site.events, (event) => event.id, 'event', 'events', context);
    site.events.forEach((event, index) => {
      const ids = event.categories.map((category) => category.id);
      if (new Set(ids).size !== ids.length) {
        context.addIssue({ code: 'custom', path: ['events', index, 'categories'], message: `a category of ${event.id} appears twice` });
      }
    });
    // The founding entry holds them all, and crosses the mesh in one message (rule 7).
    const bytes = new TextEncoder().encode(JSON.stringify(site.events)).length;
    if (bytes > PAGE_BYTES) {
      context.addIssue({
        code: 'custom',
        path: ['events'],
        message: `take ${bytes} bytes, and at most ${PAGE_BYTES} can be agreed on at once`,
      });
    }
    for (const [index, member] of site.members.entries()) {
      if (!site.kiosks.some((kiosk) => kiosk.id === member)) {
        context.addIssue({ code: 'custom', path: ['members', index], message: `member ${member} is not among the kiosks` });
      }
    }
  });
/** One installation: the kiosks that share one log. `members` and `events` count once, at the founding (rule 7). */
export type SiteFile = z.infer<typeof siteSchema>;

export type SiteResult = { ok: true; site: SiteFile } | { ok: false; message: string };

/** Reads a site file's text. A refusal names the place in the file, for example `events[0].capacity: ...`. */
export function parseSite(text: string): SiteResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `not valid JSON: ${(error as Error).message}` };
  }
  // Read once: code made for it would cost more than it saves.
  const parsed = siteSchema.safeParse(json, { jitless: true });
  if (parsed.success) return { ok: true, site: parsed.data };
  return { ok: false, message: parsed.error.issues.map(describeIssue).join('; ') };
}

/** One schema issue as `place: what is wrong`, the place in the notation of JavaScript. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    '',
  );
  return place ? `${place}: ${issue.message}` : issue.message;
}

/** The common name in a kiosk's certificate: who it is, whatever its address. */
export function certificateName(kiosk: KioskId): string {
  return `kiosk-${kiosk}`;
}
