// Records what an application could notice while the connection moves to another media node. Must be loaded before the page joins.
'use strict';

(() => {
  const closed = []; // The labels of data channels that have closed.
  const changes = []; // The mute and ended events of remote tracks.
  const channels = [];
  const frames = {}; // The times of decoded frames since the last reset, by remote video track SID.

  const watchChannel = channel => {
    channels.push(channel);
    channel.addEventListener('close', () => closed.push(channel.label));
    return channel;
  };

  // The hooks push every connection on this list before the SDK uses it.
  const { connections } = window.hooks;
  connections.push = connection => {
    connection.addEventListener('datachannel', event => watchChannel(event.channel));
    const create = connection.createDataChannel.bind(connection);
    connection.createDataChannel = (...parameters) => watchChannel(create(...parameters));
    return Array.prototype.push.call(connections, connection);
  };

  const remoteTracks = () => [...call.room.participants.values()]
    .flatMap(participant => [...participant.tracks.values()])
    .map(publication => publication.track)
    .filter(track => track && track.mediaStreamTrack);

  const watchFrames = async track => {
    const times = frames[track.sid] = [];
    const reader = new MediaStreamTrackProcessor({ track: track.mediaStreamTrack }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      times.push(performance.now());
      value.close();
    }
  };

  window.move = {
    /** Watches the current remote tracks from now on. */
    watch() {
      for (const track of remoteTracks()) {
        for (const name of ['mute', 'ended'])
          track.mediaStreamTrack.addEventListener(name, () => changes.push(`${name} ${track.sid}`));
        if (track.kind === 'video') watchFrames(track);
      }
    },
    /** Forgets all recorded frames except the last of each track, with which a gap would begin. */
    reset() {
      Object.values(frames).forEach(times => times.splice(0, times.length - 1));
      this.since = performance.now();
    },
    /** Returns whether a server offer has arrived since the reset, followed by this many frames of every track. */
    isBack(count) {
      const offers = this.offers();
      return offers.length > 0 && this.hasFrames(count, offers[offers.length - 1]);
    },
    /** Returns whether every track has this many frames after a time, by default the last reset. */
    hasFrames(count, after = this.since) {
      return Object.values(frames).every(times => times.filter(time => time > after).length >= count);
    },
    /** Returns the arrival times of server offers since the last reset. */
    offers() {
      return call.frames
        .filter(line => line.includes(' < ') && line.includes('"type":"offer"'))
        .map(line => Number(line.split(' ')[0]))
        .filter(at => at >= this.since - 1); // Frames are recorded in whole milliseconds.
    },
    /** Returns the longest time without a decoded frame, its beginning, its end relative to the first server offer, and the time of that offer, in ms. */
    gap() {
      const [offer] = this.offers();
      let longest = { gap: 0, from: 0, afterOffer: 0 };
      for (const times of Object.values(frames))
        for (let i = 1; i < times.length; i++)
          if (times[i] - times[i - 1] > longest.gap)
            longest = {
              gap: times[i] - times[i - 1],
              from: performance.timeOrigin + times[i - 1],
              afterOffer: offer === undefined ? 0 : times[i] - offer,
            };
      return { ...longest, offerAt: offer === undefined ? 0 : performance.timeOrigin + offer };
    },
    /** Returns the state that an application could notice, which must not change during a move. */
    state() {
      return {
        tracks: remoteTracks().map(track => `${track.sid} ${track.mediaStreamTrack.id}`),
        channels: channels.map(channel => `${channel.label} ${channel.readyState}`),
        events: call.events.length,
        connections: connections.length,
        room: call.room.state,
        closed, changes,
      };
    },
  };
})();
