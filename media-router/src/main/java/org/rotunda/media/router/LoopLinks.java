package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The ways from one event loop to the other loops of the node: a bounded queue to each. What one loop passes arrives in
 * order. Used on the loop that owns the core.
 */
public interface LoopLinks {
    /** The links of a loop that is alone on its node. */
    LoopLinks NONE = new LoopLinks() {
        @Override
        public int self() {
            return 0;
        }

        @Override
        public int loops() {
            return 1;
        }

        @Override
        public boolean tell(int loop, RelayMessage message) {
            throw new IllegalStateException("there is no other loop");
        }

        @Override
        public boolean pass(int loop, RelayEnd to, int encoding, ByteBuf packet, RelayShare share, long arrivalNanos) {
            throw new IllegalStateException("there is no other loop");
        }

        @Override
        public boolean pass(
                int loop, RelayMessage.DataMessage track, boolean binary, ByteBuf payload, RelayShare share) {
            throw new IllegalStateException("there is no other loop");
        }

        @Override
        public void flush() {
            // Nothing was passed.
        }
    };

    /** Takes what other loops have passed. Called on the loop that gets it. */
    interface Receiver {
        /** Takes a packet of a relayed track. The packet is borrowed for the call. */
        void onRelayedPacket(RelayEnd to, int encoding, ByteBuf packet, long nowNanos);

        /**
         * Takes a message.
         *
         * @param payload the payload of a {@link RelayMessage.DataMessage}, borrowed for the call; null for other messages
         */
        void onRelayMessage(RelayMessage message, boolean binary, @Nullable ByteBuf payload, long nowNanos);
    }

    /** Returns the index of the loop. */
    int self();

    /** Returns the number of loops of the node. */
    int loops();

    /** Passes a message to another loop. Returns false if the queue is full. */
    boolean tell(int loop, RelayMessage message);

    /**
     * Passes a packet, which the queue retains. Returns false if the queue is full.
     *
     * @param arrivalNanos the time at which this loop has got the packet
     */
    boolean pass(int loop, RelayEnd to, int encoding, ByteBuf packet, RelayShare share, long arrivalNanos);

    /** Passes a message of a data track, whose payload the queue retains. Returns false if the queue is full. */
    boolean pass(int loop, RelayMessage.DataMessage track, boolean binary, ByteBuf payload, RelayShare share);

    /** Wakes the loops to which something was passed since the last call. */
    void flush();
}
