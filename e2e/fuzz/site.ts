import { Processes } from '../../main/kiosk/testing/processes';
import { MEMBERS } from './run';

const OPEN_MS = 60_000;

/** A live site of three kiosks on loopback, and a fourth one's certificate in the wrong hands. */
export async function openSite(programs?: string): Promise<Processes> {
  const site = await Processes.make(['match=1000000:0'], MEMBERS.length + 1, MEMBERS.length, programs);
  await site.editSite((file) => ({ ...file, members: [...MEMBERS] }));
  try {
    await Promise.all(MEMBERS.map((kiosk) => site.start(kiosk)));
    const deadline = performance.now() + OPEN_MS;
    for (const kiosk of MEMBERS) {
      const id = `open-${kiosk}`;
      while (!(await site.ask(kiosk, { op: 'buy', items: [{ n: 1 }], id })).ok)
        if (performance.now() > deadline) throw new Error(`kiosk ${kiosk} does not sell: ${site.words(kiosk)}`);
    }
    return site;
  } catch (error) {
    await site.remove();
    throw error;
  }
}
