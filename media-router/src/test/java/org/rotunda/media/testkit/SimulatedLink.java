package org.rotunda.media.testkit;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The network between one peer and the router. Each direction has its own seeded faults, which may change during a
 * call.
 */
public final class SimulatedLink {
    private final Direction up = new Direction();
    private final Direction down = new Direction();

    /** Returns the direction from the peer to the router. */
    public Direction up() {
        return up;
    }

    /** Returns the direction from the router to the peer. */
    public Direction down() {
        return down;
    }

    /** One direction of the link. */
    public static final class Direction {
        private @Nullable RandomGenerator random;
        private static final int RTP_FIRST_BYTE_MIN = 128;
        private static final int IP_UDP_BYTES = 28;

        private long delayNanos = 20_000_000;
        private long jitterNanos;
        private double loss;
        private double mediaLoss;
        private double duplication;
        private long rateBps; // 0 for no limit.
        private long queueNanos;
        private long freeNanos; // The time at which the bottleneck has sent everything in its queue.
        private boolean cut;
        private long stalledUntilNanos;
        private long dropped;
        private long sent;

        private Direction() {}

        /** Sets the delay of every datagram. */
        public Direction delayMs(long ms) {
            delayNanos = ms * 1_000_000L;
            return this;
        }

        /** Sets the greatest additional delay. It is random for each datagram, so datagrams are reordered. */
        public Direction jitterMs(long ms) {
            jitterNanos = ms * 1_000_000L;
            return this;
        }

        /**
         * Puts a bottleneck before the delay: a queue that sends so many bits a second and drops what would wait longer
         * than the limit. A rate of 0 removes it.
         */
        public Direction bottleneck(long bps, long queueMs) {
            rateBps = bps;
            queueNanos = queueMs * 1_000_000L;
            return this;
        }

        /** Sets the share of datagrams that are lost. */
        public Direction loss(double share) {
            loss = share;
            return this;
        }

        /** Sets the share of RTP and RTCP datagrams that are lost in addition to {@link #loss}. */
        public Direction mediaLoss(double share) {
            mediaLoss = share;
            return this;
        }

        /** Sets the share of datagrams that arrive twice. */
        public Direction duplication(double share) {
            duplication = share;
            return this;
        }

        /** Cuts or restores the direction. A cut direction loses everything. */
        public Direction cut(boolean isCut) {
            cut = isCut;
            return this;
        }

        /** Holds all datagrams until the given time; they then arrive at once, in order. */
        public Direction stallUntil(long nanos) {
            stalledUntilNanos = nanos;
            return this;
        }

        /** Returns the number of datagrams that did not arrive. */
        public long dropped() {
            return dropped;
        }

        /** Returns the number of datagrams sent. */
        public long sent() {
            return sent;
        }

        void send(Simulation simulation, byte[] datagram, Consumer<byte[]> arrival) {
            RandomGenerator random = random(simulation);
            sent++;
            boolean isMedia = datagram.length > 0 && (datagram[0] & 0xFF) >= RTP_FIRST_BYTE_MIN;
            if (cut || chance(random, loss) || (isMedia && chance(random, mediaLoss))) {
                dropped++;
                return;
            }
            long waitNanos = 0;
            if (rateBps > 0) {
                long startNanos = Math.max(simulation.nowNanos(), freeNanos);
                if (startNanos - simulation.nowNanos() > queueNanos) {
                    dropped++;
                    return;
                }
                freeNanos = startNanos + (datagram.length + IP_UDP_BYTES) * 8L * 1_000_000_000L / rateBps;
                waitNanos = freeNanos - simulation.nowNanos();
            }
            simulation.at(arrivalNanos(simulation, waitNanos), () -> arrival.accept(datagram));
            if (chance(random, duplication)) {
                byte[] copy = datagram.clone(); // Receivers may decrypt in place, so the second datagram is a copy.
                simulation.at(arrivalNanos(simulation, waitNanos), () -> arrival.accept(copy));
            }
        }

        /** Returns the direction's own random numbers, which do not depend on what else happens in the simulation. */
        private RandomGenerator random(Simulation simulation) {
            if (random == null) {
                random = new SplittableRandom(simulation.random().nextLong());
            }
            return random;
        }

        private long arrivalNanos(Simulation simulation, long waitNanos) {
            long arrival = simulation.nowNanos() + waitNanos + delay(random(simulation));
            return Math.max(arrival, stalledUntilNanos);
        }

        private long delay(RandomGenerator random) {
            return delayNanos + (jitterNanos == 0 ? 0 : random.nextLong(jitterNanos));
        }

        private static boolean chance(RandomGenerator random, double share) {
            return share > 0 && random.nextDouble() < share;
        }
    }
}
