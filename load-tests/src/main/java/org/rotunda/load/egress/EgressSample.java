package org.rotunda.load.egress;

/**
 * The work of the router's loop in one measurement.
 *
 * @param packets the packets of media that the router forwarded
 * @param cpuNanos the processor time of the loop's thread, in user space and in the kernel
 * @param allocatedBytes the garbage of the loop's thread
 * @param datagrams all datagrams that left, with reports
 * @param sends the system calls that sent them
 * @param elapsedNanos the length of the measurement
 * @param lost the packets that should have arrived but did not
 * @param faults the packets that arrived with a wrong length or after a gap in the sequence numbers
 */
public record EgressSample(
        long packets,
        long cpuNanos,
        long allocatedBytes,
        long datagrams,
        long sends,
        long elapsedNanos,
        long lost,
        long faults) {}
