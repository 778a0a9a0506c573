package org.rotunda.load.capacity;

/**
 * The media of a participant in one direction.
 *
 * @param mbit the bit rate in Mbit/s
 * @param packets the packets per second
 */
record Flow(double mbit, double packets) {
    static final Flow NONE = new Flow(0, 0);

    Flow plus(Flow other) {
        return new Flow(mbit + other.mbit, packets + other.packets);
    }

    Flow times(double factor) {
        return new Flow(mbit * factor, packets * factor);
    }
}
