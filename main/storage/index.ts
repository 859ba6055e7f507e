export { Archive, type ArchiveEntry } from './archive';
export { type ArchiveEnd, readArchive } from './archiveReader';
export { StorageError, type StorageFault } from './errors';
export { SnapshotFolder } from './snapshots';
export { type RestoredState, Store, type StoreOptions } from './store';
