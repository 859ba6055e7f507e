export { EXPIRY_SLOTS, REFUSALS_KEPT_SLOTS } from './requests';
export { type Resolved, Tickets } from './tickets';
