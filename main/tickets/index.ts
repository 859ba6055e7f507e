export { EXPIRY_SLOTS, REFUSALS_KEPT_SLOTS } from './requests';
export { type SaleFacts, SaleMatcher } from './saleScan';
export { chainHash, FIRST_HASH, type Resolved, Tickets } from './tickets';
