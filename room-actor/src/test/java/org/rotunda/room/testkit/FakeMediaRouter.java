package org.rotunda.room.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaStatistics;

/**
 * A router without media: it answers every offer, acknowledges every desired state and remembers its commands. Usable from any
 * thread.
 */
public final class FakeMediaRouter implements MediaRouter {
    /** The SDP of every answer. */
    public static final String ANSWER_SDP = "v=0\r\no=fake\r\n";

    private final MediaListener listener;
    private final List<MediaCommand> commands = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public FakeMediaRouter(MediaListener listener) {
        this.listener = listener;
    }

    @Override
    public void submit(MediaCommand command) {
        commands.add(command);
        if (command instanceof DesiredTransport desired) {
            listener.onEvent(new MediaEvent.DesiredApplied(desired.transport(), desired.epoch(), desired.version()));
        } else if (command instanceof MediaCommand.RemoteDescription remote
                && remote.description().type() == Description.Type.OFFER) {
            Description answer = new Description(
                    Description.Type.ANSWER, remote.description().revision(), ANSWER_SDP);
            listener.onEvent(new MediaEvent.LocalDescription(remote.transport(), answer));
        } else if (command instanceof MediaCommand.OpenTransport open && open.requestOffer()) {
            listener.onEvent(new MediaEvent.LocalDescription(
                    open.transport(), new Description(Description.Type.CREATE_OFFER, 1, "")));
        } else if (command instanceof MediaCommand.CloseTransport close) {
            listener.onEvent(new MediaEvent.StateChanged(close.transport(), MediaEvent.State.CLOSED));
        }
    }

    /** Every command so far, oldest first. */
    public List<MediaCommand> commands() {
        return List.copyOf(commands);
    }

    /** Every command of one kind so far, oldest first. */
    public <T extends MediaCommand> List<T> commands(Class<T> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** As if it happened on the router. */
    public void happens(MediaEvent event) {
        listener.onEvent(event);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public MediaStatistics statistics() {
        return new MediaStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0);
    }

    @Override
    public boolean allLoopsTicked() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
