package org.rotunda.room.serialization;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Generates random messages of a type by reflection, so that a new message needs no generator of its own. */
final class RandomMessages {
    private static final int ELEMENTS_MAX = 4;
    private static final int TEXT_MAX = 40;

    private final Random random;
    private final Map<Class<?>, Supplier<Object>> plain;

    RandomMessages(long seed, List<ActorRef<Object>> actors) {
        this.random = new Random(seed);
        this.plain = Map.ofEntries(
                Map.entry(int.class, this::number),
                Map.entry(Integer.class, this::number),
                Map.entry(long.class, () -> random.nextLong() >> random.nextInt(Long.SIZE)),
                Map.entry(double.class, random::nextDouble),
                Map.entry(boolean.class, random::nextBoolean),
                Map.entry(String.class, this::text),
                Map.entry(byte[].class, this::bytes),
                Map.entry(Instant.class, () -> Instant.ofEpochSecond(number(), random.nextInt(1_000_000_000))),
                Map.entry(Duration.class, () -> Duration.ofSeconds(number(), random.nextInt(1_000_000_000))),
                Map.entry(AccountSid.class, () -> new AccountSid("AC" + "7".repeat(32))),
                Map.entry(RoomSid.class, () -> RoomSid.random(random)),
                Map.entry(ParticipantSid.class, () -> ParticipantSid.random(random)),
                Map.entry(TrackSid.class, () -> TrackSid.random(random)),
                Map.entry(
                        SessionId.class,
                        () -> SessionId.random(RoomSid.random(random), ParticipantSid.random(random), random)),
                Map.entry(
                        DesiredTransport.Publication.class,
                        () -> new DesiredTransport.Publication(text(), text(), oneOf(TrackKind.values()), bitrate())),
                Map.entry(
                        DesiredTransport.Downlink.class,
                        () -> new DesiredTransport.Downlink(bitrate(), bitrate(), bitrate())),
                Map.entry(LayerLimit.class, () -> new LayerLimit(random.nextInt(8), random.nextInt(8))),
                Map.entry(PictureSize.class, this::size),
                Map.entry(BandwidthProfile.class, this::profile),
                Map.entry(NegotiationState.class, () -> new NegotiationState(bytes())),
                Map.entry(RoomRefusal.class, () -> new RoomRefusal(oneOf(RoomError.values()))),
                Map.entry(ActorRef.class, () -> oneOf(actors.toArray())));
    }

    Object next(Class<?> type) {
        return value(type);
    }

    private Object value(Type type) {
        Class<?> raw = ValueSerializers.rawTypeOf(type);
        Supplier<Object> known = plain.get(raw);
        if (known != null) {
            return known.get();
        }
        if (raw == List.class) {
            return some(type).toList();
        }
        if (raw == Set.class) {
            return some(type).collect(Collectors.toUnmodifiableSet());
        }
        if (raw == Map.class) {
            return some(type)
                    .collect(Collectors.toUnmodifiableMap(
                            key -> key, key -> value(argument(type, 1)), (one, other) -> one));
        }
        if (raw == Optional.class) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(value(argument(type, 0)));
        }
        if (raw.isEnum()) {
            return oneOf(raw.getEnumConstants());
        }
        return raw.isSealed() ? value(oneOf(raw.getPermittedSubclasses())) : newRecord(raw);
    }

    private Object newRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(
                    Arrays.stream(components).map(this::valueOrNull).toArray());
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("cannot make a " + type, failure);
        }
    }

    private @Nullable Object valueOrNull(RecordComponent component) {
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return nullable && random.nextBoolean() ? null : value(component.getGenericType());
    }

    private Stream<Object> some(Type collection) {
        return IntStream.range(0, random.nextInt(ELEMENTS_MAX)).mapToObj(i -> value(argument(collection, 0)));
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private PictureSize size() {
        return PictureSize.bounded(random.nextInt(), random.nextInt());
    }

    private BandwidthProfile profile() {
        return new BandwidthProfile(
                oneOf(BandwidthProfile.Mode.values()),
                random.nextLong(BandwidthProfile.BITRATE_LIMIT_MAX + 1),
                oneOf(TrackPriority.values()),
                oneOf(BandwidthProfile.SwitchOff.values()),
                random.nextInt(Integer.MAX_VALUE),
                size(),
                size(),
                size());
    }

    private long bitrate() {
        return random.nextLong() >>> (1 + random.nextInt(Long.SIZE - 1));
    }

    private int number() {
        return random.nextInt() >> random.nextInt(Integer.SIZE);
    }

    /** Returns a random text without lone surrogates. */
    private String text() {
        return random.ints(random.nextInt(TEXT_MAX), 0, Character.MAX_CODE_POINT + 1)
                .map(point -> random.nextBoolean() ? point & 0x7F : point)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(TEXT_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
