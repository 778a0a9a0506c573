package org.rotunda.media.control;

/**
 * Hears what happens on a router. Called on the event loop that owns the room: it must return at once and never throw.
 */
@FunctionalInterface
public interface MediaListener {
    void onEvent(MediaEvent event);
}
