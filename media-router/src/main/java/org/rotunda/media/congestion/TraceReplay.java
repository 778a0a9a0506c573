package org.rotunda.media.congestion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;

/**
 * Feeds what a {@link TraceRecorder} wrote to a new controller. The same code gives the same estimates, bit for bit;
 * changed code shows what it would have done. Any thread; not on the packet path.
 */
public final class TraceReplay {
    /** Receives the estimates of a replay. */
    public interface Listener {
        /**
         * @param recordedBps the estimate in the trace
         * @param replayedBps the estimate of the controller that is fed
         */
        void onEstimate(long nowNanos, long recordedBps, long replayedBps, DownlinkController controller);
    }

    private final Listener listener;
    private final RtcpCompound compound = new RtcpCompound();

    public TraceReplay(Listener listener) {
        this.listener = listener;
    }

    /**
     * Replays a whole trace.
     *
     * @throws IllegalArgumentException if the text is no trace
     */
    public void replay(String trace) {
        String[] lines = trace.split("\n", -1);
        String[] head = lines[0].split(",", -1);
        if (head.length != 2 || !head[0].equals(TraceRecorder.FORMAT)) {
            throw new IllegalArgumentException("the first line must be " + TraceRecorder.FORMAT + ",NANOS");
        }
        long now = Long.parseLong(head[1]);
        DownlinkController controller = new DownlinkController(now);
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].isEmpty()) {
                continue;
            }
            try {
                String[] fields = lines[i].split(",", -1);
                now += Long.parseLong(fields[1]);
                apply(controller, fields, now);
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + " is no event of a trace", e);
            }
        }
    }

    private void apply(DownlinkController controller, String[] fields, long now) {
        switch (fields[0]) {
            case "s" ->
                controller.onSent((int) number(fields, 2), (int) number(fields, 3), number(fields, 4) == 1, now);
            case "f" -> controller.onFeedback(feedback(fields[2]), now);
            case "m" -> controller.onRemb(number(fields, 2), now);
            case "r" -> controller.onRtt(number(fields, 2), now);
            case "l" -> controller.onLossReport(number(fields, 2), number(fields, 3), now);
            case "c" -> controller.onRouteChanged(now);
            case "d" -> controller.setDemand(number(fields, 2), number(fields, 3), number(fields, 4), now);
            case "x" -> controller.cancelProbe(now);
            case "t" -> {
                controller.onTimeout(now);
                listener.onEstimate(now, number(fields, 2), controller.estimateBps(), controller);
            }
            default -> throw new IllegalArgumentException("unknown event " + fields[0]);
        }
    }

    private RtcpCompound feedback(String hexadecimal) {
        ByteBuf message = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hexadecimal));
        if (compound.wrap(message) != null || !compound.next() || !TransportFeedback.isValid(compound)) {
            throw new IllegalArgumentException("no transport-wide feedback");
        }
        return compound;
    }

    private static long number(String[] fields, int index) {
        return Long.parseLong(fields[index]);
    }
}
