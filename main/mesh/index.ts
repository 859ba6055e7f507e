export { MeshError } from './listener';
export { Mesh } from './mesh';
export type { MeshOptions, PeerAddress, TlsFiles, TurnedAway } from './options';
