package org.rotunda.media.congestion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.rtcp.TransportFeedbackWriter;
import org.rotunda.media.time.Deadline;

/**
 * A sender with the real controller, a source that follows the estimate, and a receiver with the real feedback. Packets
 * have 1,200 bytes. The source is a constant bit rate, or frames that leave at once.
 */
final class SimulatedFlow {
    static final int PACKET_BYTES = 1_200;
    static final int FEEDBACK_BYTES = 100;
    static final double PACING = 1.1;
    static final long SAMPLE_NANOS = 100 * VirtualTime.MS;

    /** One sample of a flow's history, each 100 ms. */
    record Sample(double second, long estimateBps, double receivedBps, double queueMs) {}

    /** The network of a flow. The feedback link is null if feedback only has the delay. */
    record Network(
            SimulatedBottleneck forward, @Nullable SimulatedBottleneck back, long delayNanos, long jitterNanos) {}

    private final VirtualTime time;
    private final Network network;
    private final DownlinkController controller;
    private final TransportWideFeedback receiver = new TransportWideFeedback(1);
    private final RtcpCompound compound = new RtcpCompound();
    private final ByteBuf buffer = Unpooled.buffer(TransportFeedbackWriter.LENGTH_BYTES_MAX);
    private final List<Sample> samples = new ArrayList<>();
    private final List<double[]> queueTimes = new ArrayList<>(); // Second and ms of each packet.
    private final Random random;
    private double mostBps = 2_500_000;
    private int framesPerSecond; // 0 = constant bit rate.
    private double frameVariation;
    private @Nullable LayeredSource layered;
    private final Pacer<Integer> pacer;
    private long pacerTimerAt = Deadline.NO_DEADLINE;
    private boolean running;
    private boolean video = true;
    private int sequence;
    private long nextArrival;
    private long receivedBytes;
    private long sentPackets;
    private long droppedPackets;
    private long timerAt = Deadline.NO_DEADLINE;
    private long feedbackTimerAt = Deadline.NO_DEADLINE;
    private long sourceRun;
    private boolean demanding = true;

    SimulatedFlow(VirtualTime time, Network network, long seed) {
        this(time, network, DownlinkController.START_BPS, seed);
    }

    SimulatedFlow(VirtualTime time, Network network, long startBps, long seed) {
        this.time = time;
        this.network = network;
        random = new Random(seed);
        controller = new DownlinkController(startBps, time.now());
        pacer = new Pacer<>(bytes -> send(bytes, false), startBps, time.now());
    }

    SimulatedFlow source(double bps) {
        mostBps = bps;
        return this;
    }

    SimulatedFlow frames(int perSecond, double variation) {
        framesPerSecond = perSecond;
        frameVariation = variation;
        return this;
    }

    /** Sends the layers of three videos. */
    SimulatedFlow layered() {
        layered = new LayeredSource();
        return this;
    }

    LayeredSource layers() {
        return Objects.requireNonNull(layered);
    }

    SimulatedFlow withoutProbes() {
        demanding = false;
        return this;
    }

    DownlinkController controller() {
        return controller;
    }

    List<Sample> samples() {
        return samples;
    }

    double lossRatio() {
        return sentPackets == 0 ? 0 : (double) droppedPackets / sentPackets;
    }

    void start() {
        running = true;
        video = true;
        tellDemand();
        runSource(++sourceRun);
        if (samples.isEmpty()) {
            sample();
        }
    }

    void stop() {
        running = false;
        controller.setDemand(0, 0, 0, time.now());
        drive();
    }

    /** Sends only audio from now on: 100 bytes each 20 ms. */
    void audioOnly() {
        video = false;
        controller.setDemand(40_000, 0, 0, time.now());
        drive();
    }

    void videoAgain() {
        video = true;
        tellDemand();
        drive();
    }

    private void tellDemand() {
        if (layered != null) {
            controller.setDemand((long) layered.desiredBps(), (long) layered.nextBps(), 12_000_000, time.now());
        } else if (demanding) {
            controller.setDemand((long) mostBps, 0, 0, time.now());
        }
    }

    private void runLayers(LayeredSource source, long run) {
        source.onEstimate((double) controller.estimateBps(), controller.loss(), time.seconds());
        tellDemand();
        pacer.setRate((long) (PACING * controller.estimateBps()), time.now());
        for (int i = 0; i < LayeredSource.VIDEOS; i++) {
            for (int left = source.frameBytes(i); left > 0; left -= PACKET_BYTES) {
                int bytes = Math.max(50, Math.min(left, PACKET_BYTES));
                if (pacer.tryPass(bytes, Pacer.VIDEO, time.now())) {
                    send(bytes, false);
                } else {
                    pacer.hold(bytes, bytes, time.now());
                }
            }
        }
        int audioBytes = (int) (LayeredSource.AUDIO_BPS / 8 / LayeredSource.FRAMES_PER_SECOND);
        pacer.tryPass(audioBytes, Pacer.URGENT, time.now());
        send(audioBytes, false);
        releaseLater();
        time.after(VirtualTime.SECOND / LayeredSource.FRAMES_PER_SECOND, () -> runSource(run));
        drive();
    }

    private void releaseLater() {
        long due = pacer.nextDeadlineNanos();
        if (due < pacerTimerAt) {
            pacerTimerAt = due;
            time.at(due, () -> {
                pacerTimerAt = Deadline.NO_DEADLINE;
                pacer.onTimeout(time.now());
                releaseLater();
            });
        }
    }

    private void runSource(long run) {
        if (!running || run != sourceRun) {
            return;
        }
        if (layered != null) {
            runLayers(layered, run);
            return;
        }
        double bps = Math.min((double) controller.estimateBps(), mostBps);
        if (!video) {
            send(100, false);
            time.after(20 * VirtualTime.MS, () -> runSource(run));
        } else if (framesPerSecond == 0) {
            send(PACKET_BYTES, false);
            time.after((long) (PACKET_BYTES * 8e9 / bps), () -> runSource(run));
        } else {
            double factor = 1 + frameVariation * (2 * random.nextDouble() - 1);
            int left = (int) Math.max(100, bps / 8 / framesPerSecond * factor);
            for (; left > 0; left -= PACKET_BYTES) {
                send(Math.max(50, Math.min(left, PACKET_BYTES)), false);
            }
            time.after(VirtualTime.SECOND / framesPerSecond, () -> runSource(run));
        }
        drive();
    }

    private void send(int bytes, boolean padding) {
        int number = sequence;
        sequence = (sequence + 1) & 0xFFFF;
        sentPackets++;
        controller.onSent(number, bytes, padding, time.now());
        long jitter = network.jitterNanos == 0 ? 0 : (long) (random.nextDouble() * network.jitterNanos);
        network.forward.send(
                bytes,
                network.delayNanos,
                () -> {
                    nextArrival = Math.max(nextArrival, time.now() + jitter); // Jitter does not reorder.
                    time.at(nextArrival, () -> onArrival(number, bytes));
                },
                () -> droppedPackets++,
                nanos -> queueTimes.add(new double[] {time.seconds(), nanos / 1e6}));
    }

    private void onArrival(int number, int bytes) {
        receivedBytes += bytes;
        receiver.onPacket(number, 2, time.now());
        driveReceiver();
    }

    private void driveReceiver() {
        buffer.clear();
        while (receiver.writeDue(buffer, time.now())) {
            ByteBuf message = Unpooled.copiedBuffer(buffer);
            Runnable delivered = () -> onFeedback(message);
            if (network.back == null) {
                time.after(network.delayNanos, delivered);
            } else {
                network.back.send(FEEDBACK_BYTES, network.delayNanos, delivered, () -> {}, nanos -> {});
            }
            buffer.clear();
        }
        long due = receiver.nextDeadlineNanos();
        if (due < feedbackTimerAt) {
            feedbackTimerAt = due;
            time.at(due, () -> {
                feedbackTimerAt = Deadline.NO_DEADLINE;
                driveReceiver();
            });
        }
    }

    private void onFeedback(ByteBuf message) {
        if (compound.wrap(message) != null || !compound.next() || !TransportFeedback.isValid(compound)) {
            throw new IllegalStateException("the receiver made a bad message");
        }
        controller.onFeedback(compound, time.now());
        drive();
    }

    private void drive() {
        controller.onTimeout(time.now());
        for (int due = controller.probeBytesDue(time.now()); due > 0; due = controller.probeBytesDue(time.now())) {
            send(Math.min(due, PACKET_BYTES), true);
        }
        long due = controller.nextDeadlineNanos();
        if (due < timerAt) {
            timerAt = due;
            time.at(due, () -> {
                timerAt = Deadline.NO_DEADLINE;
                drive();
            });
        }
    }

    private void sample() {
        double received = receivedBytes * 8e9 / SAMPLE_NANOS;
        receivedBytes = 0;
        samples.add(new Sample(time.seconds(), controller.estimateBps(), received, controller.queueMillis()));
        time.after(SAMPLE_NANOS, this::sample);
    }

    /** Returns the mean rate of what arrived between two times. */
    double receivedBps(double from, double to) {
        return samples.stream()
                .filter(sample -> sample.second > from && sample.second <= to)
                .mapToDouble(Sample::receivedBps)
                .average()
                .orElse(0);
    }

    /** Returns the difference between the highest and the lowest mean of a second between two times. */
    double receivedSwing(double from, double to) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = 0;
        for (double second = from; second < to - 0.5; second++) {
            double mean = receivedBps(second, second + 1);
            lowest = Math.min(lowest, mean);
            highest = Math.max(highest, mean);
        }
        return highest - lowest;
    }

    /** Returns the first time after {@code from} at which the estimate is at least {@code bps}, relative to it. */
    double secondsUntilEstimate(double from, double bps) {
        return samples.stream()
                .filter(sample -> sample.second >= from && sample.estimateBps >= bps)
                .mapToDouble(sample -> sample.second - from)
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** Returns the first time after {@code from} at which the estimate is below {@code bps}, relative to it. */
    double secondsUntilBelow(double from, double bps) {
        return samples.stream()
                .filter(sample -> sample.second >= from && sample.estimateBps <= bps)
                .mapToDouble(sample -> sample.second - from)
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
    }

    long highestEstimate(double from, double to) {
        return samples.stream()
                .filter(sample -> sample.second > from && sample.second <= to)
                .mapToLong(Sample::estimateBps)
                .max()
                .orElse(0);
    }

    long lowestEstimate(double from, double to) {
        return samples.stream()
                .filter(sample -> sample.second > from && sample.second <= to)
                .mapToLong(Sample::estimateBps)
                .min()
                .orElse(0);
    }

    /** Returns the 95th percentile of the time in the queue of packets that left it between two times, in ms. */
    double queueP95(double from, double to) {
        double[] sorted = queueTimes.stream()
                .filter(entry -> entry[0] > from && entry[0] <= to)
                .mapToDouble(entry -> entry[1])
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.95)];
    }
}
