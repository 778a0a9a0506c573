package org.rotunda.load.bench;

/** The other servers that a bench can measure beside the product. */
enum Peer {
    JANUS("janus"),
    LIVEKIT("livekit-server");

    private final String command;

    Peer(String command) {
        this.command = command;
    }

    /** Returns the command that starts the server if the user names no other. */
    String command() {
        return command;
    }

    BenchServer.Starter starter() {
        return switch (this) {
            case JANUS -> JanusServer::start;
            case LIVEKIT -> LiveKitServer::start;
        };
    }
}
