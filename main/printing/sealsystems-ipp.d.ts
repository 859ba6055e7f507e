/** The part of the library's interface that is used here; it brings no types of its own. */
declare module '@sealsystems/ipp' {
  type Value = string | number | boolean | readonly (string | number | boolean)[];
  export type Group = Readonly<Record<string, Value>>;
  interface Message {
    readonly operation: string;
    readonly 'operation-attributes-tag': Group;
    readonly 'job-attributes-tag'?: Group;
    readonly data?: Buffer;
  }
  export interface Response {
    /** For example successful-ok or client-error-not-found. */
    readonly statusCode: string;
    readonly 'operation-attributes-tag'?: Group;
    /** One group as itself, several as a list. */
    readonly 'job-attributes-tag'?: Group | readonly Group[];
    readonly 'printer-attributes-tag'?: Group | readonly Group[];
  }
  const ipp: {
    serialize(message: Message): Buffer;
    parse(bytes: Buffer): Response;
  };
  export default ipp;
}
