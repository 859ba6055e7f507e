export { Mesh, MeshError, type MeshOptions, type PeerAddress, type TlsFiles } from './mesh';
