export { type Remembered, restore } from './durable';
export type {
  Committed,
  Envelope,
  Identity,
  Input,
  Lsn,
  Millis,
  Peer,
  Ready,
  ReplicaConfig,
  ReplicaView,
  Restored,
  WriteRequest,
} from './inputs';
export type { LogStart } from './log';
export { Replica } from './replica';
export { type PromiseState, RULES, type Rules } from './rules';
export { TICK_MS } from './timing';
