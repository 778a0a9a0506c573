package org.rotunda.media.transport;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.TraceRecorder;
import org.rotunda.media.control.TransportId;

/** Keeps the traces of the congestion control of transports, for a replay. Called on every event loop. */
public interface CongestionTraces extends AutoCloseable {
    /** Records nothing. */
    CongestionTraces NONE = new CongestionTraces() {
        @Override
        public @Nullable TraceRecorder begin(TransportId transport, long startNanos) {
            return null;
        }

        @Override
        public void end(TransportId transport, TraceRecorder trace) {
            throw new IllegalStateException("a trace that nobody has begun: " + transport);
        }

        @Override
        public void close() {}
    };

    /**
     * Begins a trace.
     *
     * @param startNanos the time with which the controller of the transport is made
     * @return the recorder, or null if this transport is not recorded
     */
    @Nullable
    TraceRecorder begin(TransportId transport, long startNanos);

    /** Takes the trace of a transport that has ended. The loop does not use the recorder any more. */
    void end(TransportId transport, TraceRecorder trace);

    /** Completes what is under way. Called after the event loops have ended. */
    @Override
    void close();
}
