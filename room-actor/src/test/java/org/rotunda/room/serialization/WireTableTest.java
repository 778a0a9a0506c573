package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.NotSerializableException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.nodewatch.NodeWatch;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.quota.AccountSeats;

/**
 * Checks that {@link WireTable} has the messages that cross nodes. Each of these messages must be bound to our
 * serializer and have a sample.
 */
class WireTableTest {
    private static final WireFixture WIRE = new WireFixture();

    /** Protocols whose messages cross nodes. */
    private static final List<Class<?>> PROTOCOLS = List.of(
            RoomCommand.Public.class,
            SessionNotice.class,
            RoomName.Command.class,
            AccountSeats.Command.class,
            DrainPermit.Command.class,
            MediaNode.Command.class,
            NodeWatch.Command.class,
            MediaCommand.class,
            MediaEvent.class);

    /** Public messages that are sent only within one node. */
    private static final Set<Class<?>> LOCAL = Set.of(
            MediaNode.CloseToNewRooms.class,
            MediaNode.BeginDrain.class,
            MediaNode.EndDrain.class,
            MediaNode.LookAtDrain.class,
            MediaNode.Stop.class,
            NodeWatch.WatchMediaNode.class,
            RoomName.Idle.class,
            RoomName.Stop.class,
            AccountSeats.Stop.class);

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    static Stream<Class<?>> protocols() {
        return PROTOCOLS.stream();
    }

    static Stream<Class<?>> messages() {
        return WireTable.ROWS.stream()
                .filter(row -> row.kind() == WireRow.Kind.MESSAGE)
                .map(WireRow::type);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyMessageOfTheProtocolIsInTheTable(Class<?> protocol) {
        assertThat(messages().collect(Collectors.<Class<?>>toSet()))
                .containsAll(members(protocol).toList());
    }

    /** Returns the messages of a protocol that cross nodes. Other messages are not public, or are in {@link #LOCAL}. */
    private static Stream<Class<?>> members(Class<?> protocol) {
        return Arrays.stream(protocol.getPermittedSubclasses())
                .flatMap(member -> member.isSealed() ? members(member) : Stream.of(member))
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !LOCAL.contains(member));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageIsBoundToOurSerializer(Class<?> message) throws NotSerializableException {
        assertThat(WIRE.serialization().serializerFor(message)).isInstanceOf(WireSerializer.class);
    }

    @Test
    void everyMessageHasOneSample() {
        assertThat(WIRE.samples().stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(messages().toList());
    }

    @Test
    void idsAreNeverUsedAgain() {
        List<Integer> ids = WireTable.ROWS.stream().<Integer>map(WireRow::id).toList();

        assertThat(Stream.concat(ids.stream(), WireTable.RETIRED.stream())).doesNotHaveDuplicates();
    }

    @Test
    void identifierIsFixedForEver() {
        assertThat(WIRE.serializer().identifier()).isEqualTo(8_201);
    }

    @Test
    void messagesOfARoomToItselfStayOnItsNode() throws ClassNotFoundException {
        List<Class<?>> local = Stream.concat(
                        Arrays.stream(Class.forName("org.rotunda.room.entity.RoomInternal")
                                .getPermittedSubclasses()),
                        Arrays.stream(Class.forName("org.rotunda.room.call.ConductorCommand")
                                .getPermittedSubclasses()))
                .<Class<?>>map(each -> each)
                .toList();

        assertThat(local)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        type -> assertThatThrownBy(() -> WIRE.serialization().serializerFor(type))
                                .isInstanceOf(NotSerializableException.class));
    }

    @Test
    void localMessagesOfABoundProtocolAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WIRE.serializer().toBinary(new MediaNode.Stop()))
                .withMessageContaining("WireTable");
    }

    @Test
    void valuesDoNotTravelAlone() {
        assertThatIllegalArgumentException().isThrownBy(() -> WIRE.serializer().toBinary(LayerLimit.NONE));
        assertThatThrownBy(() -> WIRE.serializer().fromBinary(new byte[0], "1202"))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void unknownManifestsAreRefused() {
        for (String manifest : List.of("", "-1", "0", "9", "99999", "x", "100.0")) {
            assertThatThrownBy(() -> WIRE.serializer().fromBinary(new byte[0], manifest))
                    .isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void javaSerializationIsOff() {
        assertThat(WIRE.kit().system().settings().config().getBoolean("pekko.actor.allow-java-serialization"))
                .isFalse();
    }

    @Test
    void actorsAreFoundAgain() throws NotSerializableException {
        ActorRef<Object> probe = WIRE.kit().createTestProbe().getRef();
        RoomCommand.SocketLost lost = WIRE.samples().stream()
                .filter(RoomCommand.SocketLost.class::isInstance)
                .map(RoomCommand.SocketLost.class::cast)
                .findFirst()
                .orElseThrow();
        RoomCommand.SocketLost fromProbe = new RoomCommand.SocketLost(lost.sessionId(), probe.narrow());

        assertThat(WIRE.roundTrip(fromProbe)).isEqualTo(fromProbe);
    }
}
