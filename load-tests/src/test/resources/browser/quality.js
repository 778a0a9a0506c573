// Samples what the page receives at short intervals, for tests of congestion control. Needs call.js.
'use strict';

(() => {
  const samples = [];

  const transport = async () => {
    const sum = { bytes: 0, packets: 0 };
    for (const connection of call.connections) {
      if (connection.connectionState === 'closed') continue;
      (await connection.getStats()).forEach(report => {
        if (report.type !== 'transport') return;
        sum.bytes += report.bytesReceived || 0;
        sum.packets += report.packetsReceived || 0;
      });
    }
    return sum;
  };

  const look = async () => {
    const [{ bytes, packets }, media] = await Promise.all([transport(), call.mediaStats()]);
    const sound = media.filter(one => one.kind === 'audio');
    const sum = key => sound.reduce((total, one) => total + one[key], 0);
    samples.push({
      at: performance.now(), bytes, packets, audioReceived: sum('packetsReceived'), audioLost: sum('packetsLost'),
      videos: media.filter(one => one.kind === 'video').map(one => ({
        track: one.track, off: one.isOff, height: one.frameHeight, received: one.framesReceived, decoded: one.framesDecoded,
      })),
    });
  };

  window.quality = {
    samples,
    /** Takes a sample every so many milliseconds from now on. */
    watch(intervalMs) {
      const next = async () => {
        await look();
        setTimeout(next, intervalMs);
      };
      next();
    },
    /** Asks for every remote video in this size. */
    renderAll(width, height) {
      call.room.participants.forEach(participant => participant.videoTracks.forEach(({ track }) =>
        track && track.setContentPreferences({ renderDimensions: { width, height } })));
    },
    /** Returns the heights of the running remote videos by track SID; 0 stands for a track that is switched off. */
    async heights() {
      const result = {};
      for (const one of await call.mediaStats())
        if (one.kind === 'video') result[one.track] = one.isOff ? 0 : one.frameHeight;
      return result;
    },
  };
})();
