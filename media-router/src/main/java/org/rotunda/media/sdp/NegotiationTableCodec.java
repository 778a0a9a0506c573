package org.rotunda.media.sdp;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.text.Utf8;

/**
 * Writes a {@link NegotiationTable} as bytes and reads it back. A room stores the bytes without reading them.
 *
 * <p>Each nested record is preceded by its length, so a newer release may append fields to it. An older release skips
 * the new fields. When a newer release reads a record that an older release wrote, {@code available()} is 0 before the
 * new fields, and these fields get their defaults.
 */
public final class NegotiationTableCodec {
    private NegotiationTableCodec() {}

    public static byte[] encode(NegotiationTable table) {
        return bytes(out -> {
            out.writeLong(table.sessionId());
            out.writeLong(table.sessionVersion());
            out.writeLong(table.revision());
            out.writeBoolean(table.established());
            writeText(out, table.remoteUfrag());
            writeText(out, table.remotePwd());
            writeList(out, table.remoteFingerprints(), NegotiationTableCodec::writeText);
            out.writeLong(table.answeredRevision());
            writeText(out, table.answer());
            writeList(out, table.payloads(), NegotiationTableCodec::writePayload);
            writeMap(out, table.extensions(), NegotiationTableCodec::writeIds);
            writeList(out, table.lines(), NegotiationTableCodec::writeLine);
        });
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException if the bytes are not a table
     */
    public static NegotiationTable decode(byte[] bytes) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            return new NegotiationTable(
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean(),
                    readText(in),
                    readText(in),
                    readList(in, NegotiationTableCodec::readWord),
                    in.readLong(),
                    readText(in),
                    readList(in, NegotiationTableCodec::readPayload),
                    readMap(in, NegotiationTableCodec::readIds),
                    readList(in, NegotiationTableCodec::readLine));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a negotiation table", e);
        }
    }

    private static void writeLine(DataOutputStream out, NegotiationTable.Line line) throws IOException {
        writeRecord(out, record -> {
            writeText(record, line.mid());
            writeText(record, line.kind());
            record.writeBoolean(line.rejected());
            record.writeBoolean(line.draining());
            NegotiationTable.Track track = line.track();
            record.writeBoolean(track != null);
            if (track != null) {
                writeTrack(record, track);
            }
            writeText(record, line.clientDirection());
            writeText(record, line.clientTrackId());
            writeList(record, line.clientSsrcs(), DataOutputStream::writeLong);
            writeList(record, line.clientRtxSsrcs(), DataOutputStream::writeLong);
            writeList(record, line.payloads(), NegotiationTableCodec::writePayload);
            writeIds(record, line.extensions());
            record.writeInt(line.sctpPort());
            record.writeInt(line.maxMessageSizeBytes());
            writeList(record, line.clientRids(), NegotiationTableCodec::writeText);
            if (!line.keptFormats().isEmpty()) {
                writeList(record, line.keptFormats(), NegotiationTableCodec::writeText);
                writeList(record, line.keptAttributes(), NegotiationTableCodec::writeText);
            }
        });
    }

    private static NegotiationTable.Line readLine(DataInputStream in) throws IOException {
        DataInputStream record = readRecord(in);
        return new NegotiationTable.Line(
                readWord(record),
                readWord(record),
                record.readBoolean(),
                record.readBoolean(),
                record.readBoolean() ? readTrack(record) : null,
                readWord(record),
                readText(record),
                readList(record, DataInputStream::readLong),
                readList(record, DataInputStream::readLong),
                readList(record, NegotiationTableCodec::readPayload),
                readIds(record),
                record.readInt(),
                record.readInt(),
                readWordsIfAny(record),
                readWordsIfAny(record),
                readWordsIfAny(record));
    }

    /**
     * Reads a list that may be missing at the end of the record of an m-line. Earlier releases did not write it. This
     * release writes the two lists of a {@link KeptLine} only for an m-line that has one.
     */
    private static List<String> readWordsIfAny(DataInputStream record) throws IOException {
        return record.available() == 0 ? List.of() : readList(record, NegotiationTableCodec::readWord);
    }

    private static void writeTrack(DataOutputStream out, NegotiationTable.Track track) throws IOException {
        writeRecord(out, record -> {
            writeText(record, track.trackId());
            writeText(record, track.streamId());
            record.writeLong(track.ssrc());
            record.writeLong(track.rtxSsrc());
            writeText(record, track.cname());
        });
    }

    private static NegotiationTable.Track readTrack(DataInputStream in) throws IOException {
        DataInputStream record = readRecord(in);
        return new NegotiationTable.Track(
                readWord(record), readWord(record), record.readLong(), record.readLong(), readWord(record));
    }

    private static void writePayload(DataOutputStream out, NegotiationTable.Payload payload) throws IOException {
        writeRecord(out, record -> {
            writeText(record, payload.codec());
            record.writeInt(payload.payloadType());
            record.writeInt(payload.rtxPayloadType());
            writeList(record, payload.feedback(), NegotiationTableCodec::writeText);
        });
    }

    private static NegotiationTable.Payload readPayload(DataInputStream in) throws IOException {
        DataInputStream record = readRecord(in);
        return new NegotiationTable.Payload(
                readWord(record),
                record.readInt(),
                record.readInt(),
                readList(record, NegotiationTableCodec::readWord));
    }

    private static void writeIds(DataOutputStream out, Map<String, Integer> ids) throws IOException {
        writeMap(out, ids, DataOutputStream::writeInt);
    }

    private static Map<String, Integer> readIds(DataInputStream in) throws IOException {
        return readMap(in, DataInputStream::readInt);
    }

    // The rest of this class reads and writes lengths, lists, maps and texts.

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            body.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Writing to memory does not fail.
        }
        return bytes.toByteArray();
    }

    private static void writeRecord(DataOutputStream out, Body body) throws IOException {
        byte[] bytes = bytes(body);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static DataInputStream readRecord(DataInputStream in) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(readBytes(in, in.readInt())));
    }

    private static byte[] readBytes(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length);
        }
        return in.readNBytes(length);
    }

    private static <T> void writeList(DataOutputStream out, List<T> list, Writer<T> writer) throws IOException {
        out.writeInt(list.size());
        for (T element : list) {
            writer.write(out, element);
        }
    }

    private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            // Reading fails at the end of the bytes, so a wrong size cannot cause a long loop.
            list.add(reader.read(in));
        }
        return list;
    }

    private static <T> void writeMap(DataOutputStream out, Map<String, T> map, Writer<T> writer) throws IOException {
        writeList(out, List.copyOf(new TreeMap<>(map).entrySet()), (to, entry) -> {
            writeText(to, entry.getKey());
            writer.write(to, entry.getValue());
        });
    }

    private static <T> Map<String, T> readMap(DataInputStream in, Reader<T> reader) throws IOException {
        Map<String, T> map = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            map.put(readWord(in), reader.read(in));
        }
        return map;
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        String text = Utf8.read(Unpooled.wrappedBuffer(readBytes(in, length)));
        if (text == null) {
            throw new IOException("a text is malformed");
        }
        return text;
    }

    private static String readWord(DataInputStream in) throws IOException {
        String text = readText(in);
        if (text == null) {
            throw new IOException("a text is missing");
        }
        return text;
    }
}
