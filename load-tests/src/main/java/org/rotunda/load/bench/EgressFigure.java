package org.rotunda.load.bench;

import org.rotunda.load.egress.EgressSample;
import org.rotunda.load.egress.FloorSample;

/** The figures of the egress bench, in the order of the table. */
enum EgressFigure {
    LOOP("loop CPU µs per packet", "loopCpuMicrosPerPacket", 2),
    FLOOR("C floor µs", "floorCpuMicrosPerPacket", 2),
    RATIO("ratio", "ratioToFloor", 2),
    PACKETS("packets/s", "packetsPerSecond", 0),
    SEGMENTS("datagrams per send", "segmentsPerSend", 2),
    GARBAGE("garbage bytes per packet", "garbageBytesPerPacket", 0),
    LOST("lost", "lostPackets", 0),
    FLOOR_LOST("floor lost", "floorLostPackets", 0);

    private final String label;
    private final String key;
    private final int digits;

    EgressFigure(String label, String key, int digits) {
        this.label = label;
        this.key = key;
        this.digits = digits;
    }

    String label() {
        return label;
    }

    /** Returns the key in the JSON result. */
    String key() {
        return key;
    }

    int digits() {
        return digits;
    }

    /** Returns the value in one run; NaN if it was not measured. */
    double of(EgressRun run) {
        EgressSample router = run.router();
        FloorSample floor = run.floor();
        return switch (this) {
            case LOOP -> run.loopMicros();
            case FLOOR -> run.floorMicros();
            case RATIO -> run.loopMicros() / run.floorMicros();
            case PACKETS -> router.packets() * 1e9 / router.elapsedNanos();
            case SEGMENTS -> (double) router.datagrams() / router.sends();
            case GARBAGE -> (double) router.allocatedBytes() / router.packets();
            case LOST -> router.lost();
            case FLOOR_LOST -> floor == null ? Double.NaN : floor.lost();
        };
    }
}
