/**
 * In the place of the package `debug` in what is built (electron.vite.config.ts): socket.io, engine.io and ws's
 * neighbours tell it some twenty things a message, each time into arguments that nobody reads. Nobody here turns it on.
 */
export default function quiet(): () => void {
  return () => {};
}

export { quiet as debug };
