package org.rotunda.load.bench;

/**
 * The figures that a run measures. The key of a figure is its name in the output of {@code --json}. The meaning of a
 * key never changes.
 */
enum Figure {
    FORWARDED_PACKETS_PER_SECOND("forwardedPacketsPerSecond", "forwarded packets", "1/s", 0),
    SERVER_CPU_PER_PACKET("serverCpuMicrosPerForwardedPacket", "CPU of the server per forwarded packet", "µs", 2),
    LOOP_CPU_PER_PACKET("loopCpuMicrosPerForwardedPacket", "… of its media loops alone", "µs", 2),
    SERVER_CPU_CORES("serverCpuCores", "CPU of the server", "cores", 2),
    SERVER_CPU("serverCpuMillisPerSecond", "… in time", "ms/s", 1),
    WAKE_UPS_PER_SECOND("wakeUpsPerSecond", "threads of the server that wake up", "1/s", 0),
    ACTOR_CPU("actorCpuMillisPerSecond", "… of its rooms, signaling and REST", "ms/s", 1),
    ROOM_MESSAGES_PER_SECOND("roomMessagesPerSecond", "messages between rooms and the media node", "1/s", 0),
    BOTS_CPU_CORES("botsCpuCores", "CPU of the bots", "cores", 2),
    ARRIVED_PACKETS_PER_SECOND("arrivedPacketsPerSecond", "packets that arrived at bots", "1/s", 0),
    ARRIVED_PACKET_BYTES("arrivedPacketBytes", "… their mean size", "bytes", 0),
    SERVER_CPU_PER_ARRIVED("serverCpuMicrosPerArrivedPacket", "CPU of the server per packet that arrived", "µs", 2),
    ROUTER_DELAY_P50("routerDelayP50Micros", "delay in the router, median", "µs", 0),
    ROUTER_DELAY_P99("routerDelayP99Micros", "… 99th percentile", "µs", 0),
    ONE_WAY_DELAY_P50("oneWayDelayP50Millis", "delay from bot to bot, median", "ms", 2),
    ONE_WAY_DELAY_P99("oneWayDelayP99Millis", "… 99th percentile", "ms", 2),
    SEGMENTS_PER_SEND("segmentsPerSend", "datagrams per send", "", 2),
    DATAGRAMS_OUT_PER_SECOND("datagramsOutPerSecond", "datagrams sent, all", "1/s", 0),
    LOSS_RATIO("lossRatio", "packets lost for good", "", 6),
    FROZEN_FRAMES("frozenFrames", "frames that could not be decoded", "", 0),
    CONTINUITY_FAULTS("continuityFaults", "faults in received streams", "", 0),
    JOIN_P50("joinP50Millis", "join until media is up, median", "ms", 0),
    JOIN_P99("joinP99Millis", "… 99th percentile", "ms", 0),
    JOIN_CONNECTED_P50("joinConnectedP50Millis", "join until the room answers, median", "ms", 0),
    JOINS_PER_SECOND("joinsPerSecond", "joins that succeeded", "1/s", 1),
    JOINS_FAILED("joinsFailed", "joins that failed", "", 0),
    PARTICIPANTS("participants", "participants at the end", "", 0),
    HEAP_PER_PARTICIPANT("heapKibPerParticipant", "heap of the node per participant, after collection", "KiB", 0),
    RESIDENT_PER_PARTICIPANT("residentKibPerParticipant", "memory in RAM of the server per participant", "KiB", 0),
    SERVER_RESIDENT("serverResidentMib", "memory in RAM of the server", "MiB", 0),
    KERNEL_RECEIVE_DROPS("kernelReceiveDrops", "datagrams the kernel dropped before the node", "", 0),
    ROUTER_DROPS("routerDrops", "packets and messages the router dropped", "", 0),
    BOTS_LAG("botsLagMillis", "longest lag of the bots themselves", "ms", 1),
    STOLEN_RATIO("stolenCpuRatio", "CPU time the host took away", "", 4);

    private final String key;
    private final String label;
    private final String unit;
    private final int digits;

    Figure(String key, String label, String unit, int digits) {
        this.key = key;
        this.label = label;
        this.unit = unit;
        this.digits = digits;
    }

    String key() {
        return key;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    /** Returns the number of decimal places to show. */
    int digits() {
        return digits;
    }
}
