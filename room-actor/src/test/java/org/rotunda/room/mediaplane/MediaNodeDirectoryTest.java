package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.placement.MediaNodeLoad;

class MediaNodeDirectoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ID = "media-1";

    private final ActorTestKit actors = ActorTestKit.create(
            "directory", ManualTime.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final ManualTime time = ManualTime.get(actors.system());
    private final TestProbe<MediaNode.Command> node = actors.createTestProbe();
    private final TestProbe<MediaNodesChanged> changes = actors.createTestProbe();
    private final MediaNodeDirectory.View view = new MediaNodeDirectory.View();

    @BeforeEach
    void aMediaNodeIsThere() {
        actors.system().eventStream().tell(new EventStream.Subscribe<>(MediaNodesChanged.class, changes.getRef()));
        actors.spawn(MediaNodeDirectory.create(view));
        actors.system().receptionist().tell(Receptionist.register(MediaNode.KEY, node.getRef()));
        answers();
        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).contains(node.getRef());
    }

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void isNotInTheViewWhileItIsSilent() {
        happens(new MediaNodeHeard(ID));
        happens(new MediaNodeSilent(ID));
        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).isEmpty();
        assertThat(view.live()).isEmpty();

        happens(new MediaNodeHeard(ID));
        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).contains(node.getRef());
    }

    @Test
    void staysWithoutAnswersAsLongAsItBeats() {
        happens(new MediaNodeHeard(ID));
        answersTheNextQuestion(); // Meanwhile the directory handles the event above.

        leavesQuestionsUnanswered(10);

        assertThat(view.find(ID)).contains(node.getRef());
        changes.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void goesWithoutAnswersIfItsBeatsAreNotHeardHere() {
        leavesQuestionsUnanswered(5);
        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).isEmpty();

        answersTheNextQuestion();
        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).contains(node.getRef());
    }

    @Test
    void goesWithItsActor() {
        happens(new MediaNodeHeard(ID));
        node.stop();

        changes.receiveMessage(PATIENCE);
        assertThat(view.find(ID)).isEmpty();
    }

    private void happens(WatchEvent event) {
        actors.system().eventStream().tell(new EventStream.Publish<>(event));
    }

    private void answersTheNextQuestion() {
        time.timePasses(Duration.ofSeconds(1));
        answers();
    }

    private void answers() {
        ActorRef<MediaNode.Described> asker =
                node.expectMessageClass(MediaNode.Describe.class, PATIENCE).replyTo();
        asker.tell(new MediaNode.Described(new MediaNodeLoad(ID, 0, false, 0), node.getRef()));
    }

    private void leavesQuestionsUnanswered(int count) {
        for (int i = 0; i < count; i++) {
            time.timePasses(Duration.ofSeconds(1));
            node.expectMessageClass(MediaNode.Describe.class, PATIENCE);
        }
    }
}
