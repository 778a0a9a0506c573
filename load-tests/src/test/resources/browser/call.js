// Operates the stock SDK on a test page: joins, publishes, and records every event that an application would get.
'use strict';

(() => {
  const Video = Twilio.Video;
  const { errors, connections, sockets, frames } = window.hooks;
  const events = [];
  const messages = {}; // The received messages in order, by remote track SID.
  const published = {}; // The publications of this page by track name.
  let room = null;

  // In a minified SDK the class name survives only in the error's own name.
  const errorClass = error => error.name && error.name !== 'Error' && error.name !== 'TwilioError' ? error.name : error.constructor.name;

  // `epoch` is on the clock of the whole machine, so tests can compare it with the times of bots and other pages.
  const record = (name, details) => events.push({ name, at: Math.round(performance.now()), epoch: Date.now(), ...details });
  const trackDetails = (publication, participant) => ({
    track: publication.trackSid || publication.sid,
    kind: publication.kind,
    trackName: publication.trackName || publication.name,
    participant: participant && participant.sid,
    identity: participant && participant.identity,
  });

  const attach = track => {
    if (track.kind === 'data') {
      messages[track.sid] = messages[track.sid] || [];
      track.on('message', data => {
        if (typeof data === 'string') messages[track.sid].push(data);
        else messages[track.sid].push('binary:' + new Uint8Array(data).join(','));
      });
      return;
    }
    const element = track.attach();
    element.dataset.sid = track.sid;
    document.getElementById('media').appendChild(element);
  };

  const watchQuality = participant => participant.on('networkQualityLevelChanged', level =>
    record('networkQualityLevelChanged', { participant: participant.sid, identity: participant.identity, level }));

  const watchParticipant = participant => {
    participant.on('reconnecting', () => record('participantReconnecting', { participant: participant.sid }));
    participant.on('reconnected', () => record('participantReconnected', { participant: participant.sid }));
    watchQuality(participant);
  };

  const watchRoom = joined => {
    joined.participants.forEach(watchParticipant);
    joined.on('participantConnected', participant => {
      watchParticipant(participant);
      record('participantConnected', { participant: participant.sid, identity: participant.identity });
    });
    joined.on('participantDisconnected', participant =>
      record('participantDisconnected', { participant: participant.sid, identity: participant.identity }));
    for (const name of ['trackPublished', 'trackUnpublished'])
      joined.on(name, (publication, participant) => record(name, trackDetails(publication, participant)));
    for (const name of ['trackEnabled', 'trackDisabled'])
      joined.on(name, (publication, participant) => record(name, trackDetails(publication, participant)));
    joined.on('trackSubscribed', (track, publication, participant) => {
      record('trackSubscribed', trackDetails(publication, participant));
      attach(track);
    });
    joined.on('trackUnsubscribed', (track, publication, participant) => {
      record('trackUnsubscribed', trackDetails(publication, participant));
      if (track.detach) track.detach().forEach(element => element.remove());
    });
    joined.on('trackSubscriptionFailed', (error, publication, participant) =>
      record('trackSubscriptionFailed', { code: error.code, ...trackDetails(publication, participant) }));
    joined.on('trackStarted', (track, participant) =>
      record('trackStarted', { track: track.sid, kind: track.kind, participant: participant.sid }));
    for (const name of ['trackSwitchedOff', 'trackSwitchedOn'])
      joined.on(name, (track, publication, participant) => record(name, trackDetails(publication, participant)));
    joined.on('dominantSpeakerChanged', participant => record('dominantSpeakerChanged',
      { participant: participant && participant.sid, identity: participant && participant.identity }));
    watchQuality(joined.localParticipant);
    for (const name of ['recordingStarted', 'recordingStopped']) joined.on(name, () => record(name, {}));
    joined.on('reconnecting', error => record('reconnecting', { code: error && error.code }));
    joined.on('reconnected', () => record('reconnected', {}));
    joined.on('disconnected', (_, error) =>
      record('disconnected', { code: error ? error.code : null, className: error ? errorClass(error) : null }));
    joined.localParticipant.on('trackPublicationFailed', (error, track) =>
      record('trackPublicationFailed', { code: error.code, trackName: track.name }));
    joined.localParticipant.on('trackPublished', publication => {
      record('localTrackPublished', trackDetails(publication, joined.localParticipant));
    });
  };

  // Makes a camera of any size and rate from a moving canvas; the browser's fake device does not offer all sizes and rates.
  const canvasVideo = ({ name, width, height, frameRate = 15, contentHint = '' }) => {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      frame++;
      context.fillStyle = `hsl(${frame % 360},60%,50%)`;
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#fff';
      context.fillRect((frame * 7) % width, (frame * 5) % height, width / 4, height / 4);
    }, 1000 / frameRate);
    const [track] = canvas.captureStream(frameRate).getVideoTracks();
    track.contentHint = contentHint; // 'detail' makes Chromium encode it as a shared screen.
    return new Video.LocalVideoTrack(track, { name });
  };

  const makeTracks = async wanted => {
    const tracks = [];
    for (const track of wanted) {
      const { kind, name } = track;
      if (kind === 'audio') tracks.push(await Video.createLocalAudioTrack({ name }));
      else if (kind === 'video')
        tracks.push(await Video.createLocalVideoTrack({
          name, width: track.width || 640, height: track.height || 360, frameRate: track.frameRate || 15,
        }));
      else if (kind === 'canvas') tracks.push(canvasVideo(track));
      else tracks.push(new Video.LocalDataTrack({ name, ...track.options }));
    }
    return tracks;
  };

  const mediaStats = async () => {
    const byTrack = {};
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      (await connection.getStats()).forEach(report => {
        if (report.type === 'inbound-rtp') byTrack[report.trackIdentifier] = report;
      });
    }
    const result = [];
    if (room)
      room.participants.forEach(participant => participant.tracks.forEach(publication => {
        const track = publication.track;
        if (!track || !track.mediaStreamTrack) return;
        const report = byTrack[track.mediaStreamTrack.id] || {};
        result.push({
          participant: participant.sid, identity: participant.identity, track: publication.trackSid, kind: track.kind,
          isOff: Boolean(track.isSwitchedOff), framesReceived: report.framesReceived || 0,
          framesDecoded: report.framesDecoded || 0, frameHeight: report.frameHeight || 0,
          audioEnergy: report.totalAudioEnergy || 0, packetsReceived: report.packetsReceived || 0,
          packetsLost: report.packetsLost || 0, keyFramesDecoded: report.keyFramesDecoded || 0,
          bytesReceived: report.bytesReceived || 0, freezeCount: report.freezeCount || 0,
          codecId: report.codecId || null, pliCount: report.pliCount || 0, nackCount: report.nackCount || 0,
        });
      }));
    return result;
  };

  // The tracks given to connect() are published after it has resolved. An application hears of each once.
  const outcomes = () =>
    events.filter(event => event.name === 'localTrackPublished' || event.name === 'trackPublicationFailed').length;
  const publishedAll = async count => {
    const end = performance.now() + 5000;
    while (outcomes() < count && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10));
  };

  window.call = {
    events, errors, messages, connections, sockets, frames,
    get room() { return room; },

    async join(token, options) {
      const { tracks, ...rest } = options;
      try {
        room = await Video.connect(token, { insights: false, ...rest, tracks: await makeTracks(tracks || []) });
      } catch (error) {
        return { error: { code: error.code, className: errorClass(error), message: error.message } };
      }
      const before = outcomes();
      watchRoom(room);
      await publishedAll(before + (tracks || []).length);
      return {
        room: room.sid, name: room.name, participant: room.localParticipant.sid,
        mediaRegion: room.mediaRegion, signalingRegion: room.localParticipant.signalingRegion,
      };
    },

    async publish(wanted) {
      const [track] = await makeTracks([wanted]);
      const publication = await room.localParticipant.publishTrack(track, { priority: wanted.priority || 'standard' });
      published[wanted.name] = publication;
      return publication.trackSid;
    },

    publishTogether(wanted) {
      return makeTracks(wanted).then(tracks =>
        Promise.all(tracks.map(track => room.localParticipant.publishTrack(track).then(publication => publication.trackSid))));
    },

    local(name) {
      return [...room.localParticipant.tracks.values()].find(publication => publication.trackName === name);
    },
    localTracks() {
      return [...room.localParticipant.tracks.values()].map(publication => trackDetails(publication));
    },
    enable(name, on) {
      const track = this.local(name).track;
      if (on) track.enable(); else track.disable();
    },
    unpublish(name) {
      const track = this.local(name).track;
      room.localParticipant.unpublishTrack(track);
      if (track.stop) track.stop();
    },
    send(name, text) {
      this.local(name).track.send(text);
    },
    sendBinary(name, bytes) {
      this.local(name).track.send(new Uint8Array(bytes));
    },
    leave() {
      room.disconnect();
    },
    participants() {
      return [...room.participants.values()].map(participant => ({
        sid: participant.sid, identity: participant.identity, state: participant.state,
        tracks: [...participant.tracks.values()].map(publication => ({
          sid: publication.trackSid, kind: publication.kind, name: publication.trackName,
          enabled: publication.isTrackEnabled, subscribed: publication.isSubscribed,
        })),
      }));
    },
    mediaStats,
    /** Returns the remote track with this SID. */
    remote(sid) {
      for (const participant of room.participants.values())
        for (const publication of participant.tracks.values())
          if (publication.trackSid === sid) return publication.track;
      return null;
    },
    /** Returns the bytes this page has received, counted by its transports and by its streams, and the number of its answered checks. */
    async received() {
      const sum = { transport: 0, payload: 0, headers: 0, retransmitted: 0, stunResponses: 0, stunRequests: 0 };
      for (const connection of connections) {
        if (connection.connectionState === 'closed') continue;
        (await connection.getStats()).forEach(report => {
          if (report.type === 'transport') sum.transport += report.bytesReceived || 0;
          if (report.type === 'inbound-rtp') {
            sum.payload += report.bytesReceived || 0;
            sum.headers += report.headerBytesReceived || 0;
            sum.retransmitted += report.retransmittedBytesReceived || 0;
          }
          if (report.type === 'candidate-pair') {
            sum.stunResponses += report.responsesReceived || 0;
            sum.stunRequests += report.requestsReceived || 0;
          }
        });
      }
      return sum;
    },
    async codecs() {
      const names = new Set();
      for (const connection of connections)
        (await connection.getStats()).forEach((report, _, all) => {
          if (report.type === 'inbound-rtp' && report.kind === 'video' && report.codecId && report.framesDecoded > 0)
            names.add(all.get(report.codecId).mimeType);
        });
      return [...names];
    },
    async outbound() {
      const result = [];
      for (const connection of connections)
        (await connection.getStats()).forEach(report => {
          if (report.type === 'outbound-rtp' && report.kind === 'video')
            result.push({ ssrc: report.ssrc, active: report.active, frameHeight: report.frameHeight || 0,
              framesSent: report.framesSent || 0, plis: report.pliCount || 0, firs: report.firCount || 0, bytesSent: report.bytesSent || 0, targetBitrate: report.targetBitrate || 0,
              qualityLimitationReason: report.qualityLimitationReason, encoder: report.encoderImplementation });
          else if (report.type === 'candidate-pair' && report.nominated) result.push({ available: report.availableOutgoingBitrate, rtt: report.currentRoundTripTime });
        });
      return result;
    },
  };
})();
