// Records each connection and socket that the SDK creates. Must be loaded before the SDK, which keeps references to the browser's classes.
'use strict';

window.hooks = (() => {
  const errors = [];
  const connections = [];
  const sockets = [];
  window.addEventListener('error', event => errors.push(String(event.message)));
  window.addEventListener('unhandledrejection', event => errors.push(String(event.reason)));

  // The class is replaced by a proxy instead of a subclass, because the SDK copies the methods of the class's own prototype.
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(native, parameters) {
      const connection = new native(...parameters);
      connections.push(connection);
      return connection;
    },
  });

  const frames = []; // Signaling frames for the report of a failed test, with shortened descriptions and without heartbeats.
  const shorten = text => text
    .replace(/"sdp":"([^"]*)"/g, (_, sdp) => '"sdp":"' + sdp.split('\\r\\n')
      .map(line => line.startsWith('m=') ? line.split(' ')[0] : line)
      .filter(line => /^(m=|a=(mid|msid|sendrecv|sendonly|recvonly|inactive|ssrc-group))/.test(line)).join(' ') + '"')
    .slice(0, 4000);
  const note = (direction, data) => {
    if (typeof data === 'string' && !data.includes('"heartbeat"'))
      frames.push(`${Math.round(performance.now())} ${direction} ${shorten(data)}`);
  };
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(...parameters) {
      super(...parameters);
      sockets.push(this);
      this.closeEvents = [];
      this.addEventListener('message', event => note('<', event.data));
      this.addEventListener('close', event => this.closeEvents.push({ code: event.code, reason: event.reason }));
    }
    send(data) {
      note('>', data);
      super.send(data);
    }
  };

  return { errors, connections, sockets, frames };
})();
