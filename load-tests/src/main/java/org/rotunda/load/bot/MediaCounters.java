package org.rotunda.load.bot;

import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.ContinuityChecker;
import org.rotunda.load.bot.receive.IncomingStream;

/** Counters of sent and received media, including streams and tracks that have ended. Owned by one loop. */
final class MediaCounters {
    long datagramsOut;
    long datagramBytesOut;
    long datagramsIn;
    long datagramBytesIn;
    long packetsOut;
    long bytesOut;
    long packetsIn;
    long bytesIn;
    long rtxIn;
    long rtcpIn;
    long resent;
    long nacksIn;
    long nacksOut;
    long plisIn;
    long plisOut;
    long keyFramesOut;
    long transportFeedbacksIn;
    long transportFeedbacksOut;
    long srtpFailures;
    long early;
    long unknownSsrcs;
    long unknownDatagrams;
    long dtlsFailures;
    long silences;
    long sendFailures;
    long messagesIn;
    long messagesOut;
    long lost;
    long recovered;
    long duplicates;
    long frames;
    long keyFrames;
    long frozenFrames;
    long layerSwitches;
    long frameGapMaxNanos;

    @Nullable
    String lastDtlsFailure;

    void addStream(IncomingStream stream) {
        ContinuityChecker checker = stream.checker();
        lost += checker.lost();
        recovered += checker.recovered();
        duplicates += checker.duplicates();
        frames += checker.frames();
        keyFrames += checker.keyFrames();
        frozenFrames += checker.frozenFrames();
        layerSwitches += checker.layerSwitches();
        frameGapMaxNanos = Math.max(frameGapMaxNanos, stream.frameGapMaxNanos());
    }

    void addTrack(BotTrack track) {
        if (track instanceof VideoOut video) {
            keyFramesOut += video.keyFrames();
        }
    }

    void add(MediaCounters other) {
        datagramsOut += other.datagramsOut;
        datagramBytesOut += other.datagramBytesOut;
        datagramsIn += other.datagramsIn;
        datagramBytesIn += other.datagramBytesIn;
        packetsOut += other.packetsOut;
        bytesOut += other.bytesOut;
        packetsIn += other.packetsIn;
        bytesIn += other.bytesIn;
        rtxIn += other.rtxIn;
        rtcpIn += other.rtcpIn;
        resent += other.resent;
        nacksIn += other.nacksIn;
        nacksOut += other.nacksOut;
        plisIn += other.plisIn;
        plisOut += other.plisOut;
        keyFramesOut += other.keyFramesOut;
        transportFeedbacksIn += other.transportFeedbacksIn;
        transportFeedbacksOut += other.transportFeedbacksOut;
        srtpFailures += other.srtpFailures;
        early += other.early;
        unknownSsrcs += other.unknownSsrcs;
        unknownDatagrams += other.unknownDatagrams;
        dtlsFailures += other.dtlsFailures;
        silences += other.silences;
        sendFailures += other.sendFailures;
        messagesIn += other.messagesIn;
        messagesOut += other.messagesOut;
        lost += other.lost;
        recovered += other.recovered;
        duplicates += other.duplicates;
        frames += other.frames;
        keyFrames += other.keyFrames;
        frozenFrames += other.frozenFrames;
        layerSwitches += other.layerSwitches;
        frameGapMaxNanos = Math.max(frameGapMaxNanos, other.frameGapMaxNanos);
        lastDtlsFailure = other.lastDtlsFailure == null ? lastDtlsFailure : other.lastDtlsFailure;
    }
}
