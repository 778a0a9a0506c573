// Looks at the candidates that a page uses, and runs the SDK's preflight test.
'use strict';

window.turn = {
  outcome: null, // What the preflight test has ended with.

  async selectedPairs() {
    const pairs = [];
    for (const connection of call.connections) {
      if (connection.connectionState === 'closed') continue;
      const stats = await connection.getStats();
      stats.forEach(report => {
        if (report.type !== 'transport' || !report.selectedCandidatePairId) return;
        const pair = stats.get(report.selectedCandidatePairId);
        const local = stats.get(pair.localCandidateId);
        const remote = stats.get(pair.remoteCandidateId);
        pairs.push({
          state: pair.state, bytesReceived: pair.bytesReceived,
          localType: local.candidateType, localAddress: local.address, relayProtocol: local.relayProtocol || null,
          remoteType: remote.candidateType, remoteAddress: remote.address,
        });
      });
    }
    return pairs;
  },

  async localCandidates() {
    const candidates = [];
    for (const connection of call.connections)
      if (connection.connectionState !== 'closed')
        (await connection.getStats()).forEach(report => {
          if (report.type === 'local-candidate') candidates.push({ candidateType: report.candidateType, address: report.address || null });
        });
    return candidates;
  },

  preflight(token, options) {
    const progress = [];
    this.outcome = null;
    const test = Twilio.Video.runPreflight(token, options);
    test.on('progress', name => progress.push(name));
    test.on('completed', report => { this.outcome = { progress, report: JSON.parse(JSON.stringify(report)) }; });
    test.on('failed', (error, report) => {
      this.outcome = { progress, report: JSON.parse(JSON.stringify(report)), error: { code: error.code || 0, message: error.message } };
    });
  },
};
