export { MeshError } from './listener';
export { Mesh } from './mesh';
export type { MeshOptions, PeerAddress, TlsFiles } from './options';
