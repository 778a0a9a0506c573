/**
 * The client's side of LiveKit, for comparisons: its signaling over a WebSocket, in the protocol buffers of {@code
 * livekit_rtc.proto}. Runs on the threads of the JDK's WebSocket and of the bots.
 */
@NullMarked
package org.rotunda.load.livekit;

import org.jspecify.annotations.NullMarked;
