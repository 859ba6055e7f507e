export { Archive, type ArchiveEntry } from './archive';
export { StorageError, type StorageFault } from './errors';
export { type RestoredState, Store, type StoreOptions } from './store';
