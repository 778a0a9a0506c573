package org.rotunda.gateway.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.stream.AbruptTerminationException;
import org.rotunda.gateway.connection.SocketFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of the HTTP server. The server reports every failed WebSocket as an error. This class logs the failure at
 * DEBUG if the gateway closed the WebSocket with code 1011 or 1012 on purpose, or if the node is stopping.
 */
public final class ServerLog implements LoggingAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);

    @Override
    public boolean isErrorEnabled() {
        return LOG.isErrorEnabled();
    }

    @Override
    public boolean isWarningEnabled() {
        return LOG.isWarnEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return LOG.isInfoEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return LOG.isDebugEnabled();
    }

    @Override
    public void notifyError(String message) {
        LOG.error(message);
    }

    @Override
    public void notifyError(Throwable cause, String message) {
        if (cause instanceof SocketFailure || cause instanceof AbruptTerminationException) {
            LOG.debug(message);
        } else {
            LOG.error(message, cause);
        }
    }

    @Override
    public void notifyWarning(String message) {
        LOG.warn(message);
    }

    @Override
    public void notifyInfo(String message) {
        LOG.info(message);
    }

    @Override
    public void notifyDebug(String message) {
        LOG.debug(message);
    }
}
