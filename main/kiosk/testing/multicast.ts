import dgram from 'node:dgram';

/** Whether packets to a group come back on the loopback of this machine. */
export async function hasMulticast(): Promise<boolean> {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), 2_000);
      socket.on('error', () => resolve(false));
      socket.on('message', () => {
        clearTimeout(timer);
        resolve(true);
      });
      socket.bind(0, '0.0.0.0', () => {
        socket.addMembership('224.0.0.251', '127.0.0.1');
        socket.setMulticastInterface('127.0.0.1');
        socket.send('x', socket.address().port, '224.0.0.251');
      });
    });
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
