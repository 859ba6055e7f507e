import type { KioskId, Slot } from '../../shared/ballot';
import type { Hello } from '../../shared/messages';
import type { TurnedAway } from '../mesh';
import type { ReplicaView } from '../paxos';

/** Who is of another generation, or was removed from the site, is told so and not linked with (rules 6, 8). @param removedFrom the slot that shuts it out, if any does */
export function turnedAway(
  hello: Hello,
  self: KioskId,
  { generation, recovery }: Pick<ReplicaView, 'generation' | 'recovery'>,
  removedFrom: Slot | null,
): TurnedAway | null {
  if (generation > 0 && hello.generation === generation && hello.recovery !== recovery) {
    return {
      sentence: `kiosk ${hello.kiosk} and kiosk ${self} were recovered each by itself, and sell from two logs: only one may go on; stop the other, and start it with --rejoin to put its data aside and join again`,
    };
  }
  if (hello.generation > 0 && generation > 0 && hello.generation !== generation) {
    const [older, newer] = hello.generation < generation ? [hello.kiosk, self] : [self, hello.kiosk];
    return {
      sentence: `kiosk ${hello.kiosk} is of generation ${hello.generation} of the site, kiosk ${self} of generation ${generation}: after a recovery at kiosk ${newer} the sales of kiosk ${older} are not counted; end every kiosk of the older generation, then start each with --rejoin to put its data aside and join again`,
      ...(older === hello.kiosk ? { generation } : {}),
    };
  }
  if (removedFrom === null) return null;
  return {
    sentence: `kiosk ${hello.kiosk} was removed from the site at slot ${removedFrom}; add it again with add_kiosk ${hello.kiosk}`,
    removedFrom,
  };
}
