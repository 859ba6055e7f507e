/**
 * In the place of packages that engine.io and socket.io load for what they do by plain HTTP (electron.vite.config.ts): files for
 * browsers, and long polling. A link is a web socket from its first byte; with them a kiosk would read the table of all
 * file types at each start.
 */
export default function unused(): never {
  throw new Error('a link is a web socket, and nothing else');
}

export { unused as XMLHttpRequest };
