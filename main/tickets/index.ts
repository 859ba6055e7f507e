export { EXPIRY_SLOTS, REFUSALS_KEPT_SLOTS } from './requests';
export { chainHash, FIRST_HASH, type Resolved, Tickets } from './tickets';
