export { StorageError, type StorageFault } from './errors';
export { Store, type StoreOptions } from './store';
