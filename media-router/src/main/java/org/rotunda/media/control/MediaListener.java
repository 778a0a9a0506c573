package org.rotunda.media.control;

/**
 * Receives the events and reports of a router. The router calls it on the event loop that owns the transport, so it must
 * return at once and never throw.
 */
@FunctionalInterface
public interface MediaListener {
    void onEvent(MediaEvent event);

    /** Takes a report, which may be lost. A listener that needs no measurements ignores reports. */
    default void onReport(RoomReport report) {}
}
