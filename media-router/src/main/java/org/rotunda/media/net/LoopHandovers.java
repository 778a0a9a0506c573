package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.LoopLinks;
import org.rotunda.media.router.RelayEnd;
import org.rotunda.media.router.RelayMessage;
import org.rotunda.media.router.RelayShare;
import org.rotunda.media.router.RouterCore;

/**
 * The queues between the event loops of a node, and the wake-ups. A loop is woken once for all that others have put since it
 * last took; a loop that puts wakes others after each read batch at most twice.
 */
final class LoopHandovers {
    private final List<Inbox> inboxes = new ArrayList<>();

    /** The queue of one loop. */
    private static final class Inbox {
        private final HandoverQueue queue = new HandoverQueue();
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile @Nullable Runnable wake; // Null until the loop is open.

        /** Has the loop take what is in the queue, unless it is about to. Called by any loop. */
        void wake() {
            Runnable waking = wake;
            if (waking != null && woken.compareAndSet(false, true)) {
                waking.run();
            }
        }

        /** Takes what is in the queue. Returns the time at which the oldest of it came to the node. Called on the loop. */
        long drainTo(RouterCore core, long nowNanos) {
            woken.set(false); // Before the queue is read: what is put from now on wakes the loop again.
            long oldestNanos = queue.isEmpty() ? nowNanos : queue.oldestNanos();
            try {
                queue.drainTo(core, nowNanos);
            } finally { // A defect in one element must not leave the others in the queue.
                if (!queue.isEmpty()) {
                    wake();
                }
            }
            return oldestNanos;
        }
    }

    LoopHandovers(int loops) {
        for (int i = 0; i < loops; i++) {
            inboxes.add(new Inbox());
        }
    }

    /** Returns the links of the loop with this index. */
    LoopLinks links(int self) {
        return inboxes.size() == 1 ? LoopLinks.NONE : new Links(self);
    }

    /** Lets the loops wake each other from now on. */
    void open(List<MediaLoop<RouterCore>> loops) {
        for (MediaLoop<RouterCore> loop : loops) {
            Inbox inbox = inboxes.get(loop.index());
            inbox.wake = loop.handovers(inbox::drainTo);
        }
    }

    /** Releases what was not taken. Called after the loops have ended. */
    void close() {
        inboxes.forEach(inbox -> inbox.queue.close());
    }

    /** The links of one loop. */
    private final class Links implements LoopLinks {
        private final int self;
        private final boolean[] dirty = new boolean[inboxes.size()]; // The loops to which something was passed.
        private boolean anyDirty;

        Links(int self) {
            this.self = self;
        }

        @Override
        public int self() {
            return self;
        }

        @Override
        public int loops() {
            return inboxes.size();
        }

        @Override
        public boolean tell(int loop, RelayMessage message) {
            return note(loop, inboxes.get(loop).queue.putMessage(message, System.nanoTime()));
        }

        @Override
        public boolean pass(int loop, RelayEnd to, int encoding, ByteBuf packet, RelayShare share, long nowNanos) {
            return note(loop, inboxes.get(loop).queue.putPacket(to, encoding, packet, share, nowNanos));
        }

        @Override
        public boolean pass(
                int loop, RelayMessage.DataMessage track, boolean binary, ByteBuf payload, RelayShare share) {
            return note(loop, inboxes.get(loop).queue.putData(track, binary, payload, share, System.nanoTime()));
        }

        private boolean note(int loop, boolean wasPut) {
            dirty[loop] = true; // Also if the queue is full: its loop must take.
            anyDirty = true;
            return wasPut;
        }

        @Override
        public void flush() {
            if (!anyDirty) {
                return;
            }
            anyDirty = false;
            for (int loop = 0; loop < dirty.length; loop++) {
                if (dirty[loop]) {
                    dirty[loop] = false;
                    inboxes.get(loop).wake();
                }
            }
        }
    }
}
