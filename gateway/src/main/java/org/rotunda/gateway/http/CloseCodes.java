package org.rotunda.gateway.http;

import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameEvent$;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.http.impl.engine.ws.Protocol$Opcode$Close$;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.impl.engine.ws.WebSocket$;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.settings.WebSocketSettings;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.rotunda.gateway.connection.OpenedSocket;
import scala.Option;

/**
 * Opens WebSockets that close with code 1012 (service restart) in a drain. Pekko HTTP closes a WebSocket with 1011 whenever
 * its outgoing stream fails, and has no public door for another code. So this class builds the frames with Pekko's own
 * parts, which are internal, and exchanges the code of the close frame. An update of Pekko HTTP needs the tests of the
 * sessions.
 */
final class CloseCodes {
    /** The code of RFC 6455's registry for a service that restarts. Clients and proxies may come back at once. */
    private static final int SERVICE_RESTART = 1012;

    private CloseCodes() {}

    /** Answers a request for a WebSocket. */
    static HttpResponse open(WebSocketUpgrade upgrade, OpenedSocket socket, ActorSystem system) {
        if (!(upgrade instanceof UpgradeToWebSocketLowLevel lowLevel)) {
            return upgrade.handleMessagesWith(socket.messages());
        }
        WebSocketSettings settings =
                (WebSocketSettings) ServerSettings.create(system).getWebsocketSettings();
        BidiFlow<
                        FrameEvent,
                        org.apache.pekko.http.scaladsl.model.ws.Message,
                        org.apache.pekko.http.scaladsl.model.ws.Message,
                        FrameEvent,
                        NotUsed>
                frames = WebSocket$.MODULE$
                        .stack(true, settings, WebSocket$.MODULE$.stack$default$3(), new ServerLog())
                        .asJava();
        Flow<org.apache.pekko.http.scaladsl.model.ws.Message, org.apache.pekko.http.scaladsl.model.ws.Message, NotUsed>
                messages = Flow.of(org.apache.pekko.http.scaladsl.model.ws.Message.class)
                        .map(Message::adapt)
                        .via(socket.messages())
                        .map(Message::asScala);
        return lowLevel.handleFrames(
                frames.join(messages)
                        .map(frame -> closing(frame, socket))
                        .<Object>mapMaterializedValue(unused -> unused)
                        .asScala(),
                Option.empty());
    }

    private static FrameEvent closing(FrameEvent frame, OpenedSocket socket) {
        boolean isClose =
                frame instanceof FrameStart start && start.header().opcode().equals(Protocol$Opcode$Close$.MODULE$);
        return isClose && socket.isFailedByPlan()
                ? FrameEvent$.MODULE$.closeFrame(SERVICE_RESTART, "", Option.empty())
                : frame;
    }
}
