// What a page notes while its connection moves to another media node. Added to the test page before it joins.
'use strict';

(() => {
  const closed = []; // labels of data channels that closed
  const changes = []; // what happened to remote tracks
  const channels = [];
  const frames = {}; // by remote video track SID: when each frame came out of the decoder, since the last look

  const watchChannel = channel => {
    channels.push(channel);
    channel.addEventListener('close', () => closed.push(channel.label));
    return channel;
  };

  // Every connection the SDK makes is put on this list before it is used.
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
    /** From now on the tracks that are there are watched. */
    watch() {
      for (const track of remoteTracks()) {
        for (const name of ['mute', 'ended'])
          track.mediaStreamTrack.addEventListener(name, () => changes.push(`${name} ${track.sid}`));
        if (track.kind === 'video') watchFrames(track);
      }
    },
    /** Forgets the frames so far but the last of each track, where a gap would begin. */
    reset() {
      Object.values(frames).forEach(times => times.splice(0, times.length - 1));
      this.since = performance.now();
    },
    /** Whether a server offer has come since, and after it so many frames of every track. */
    isBack(count) {
      const offers = this.offers();
      return offers.length > 0 && this.hasFrames(count, offers[offers.length - 1]);
    },
    /** Whether every track has brought so many frames after that time, which is the last look's unless given. */
    hasFrames(count, after = this.since) {
      return Object.values(frames).every(times => times.filter(time => time > after).length >= count);
    },
    /** When server offers came since the last look. */
    offers() {
      return call.frames
        .filter(line => line.includes(' < ') && line.includes('"type":"offer"'))
        .map(line => Number(line.split(' ')[0]))
        .filter(at => at >= this.since - 1); // They are noted in whole milliseconds.
    },
    /** The longest time without a decoded frame, since when by the clock, and how long after our first offer it ended, in ms; when that offer came by the clock. */
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
    /** All that must stay as it is. */
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
