package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;

/**
 * Tests the faults of configurations. Each message names the key, the place and the allowed values. All faults are
 * found in one run.
 */
class NodeConfigurationTest {
    private static final String ACCOUNT = "rotunda.accounts = [{ sid = AC00000000000000000000000000000001, %s }]";

    private final Path file;

    NodeConfigurationTest(@TempDir Path directory) {
        file = directory.resolve("node.conf");
    }

    @Test
    void everyKeyOfTheReferenceFilesIsKnownAndItsDefaultAllowed() {
        Config reference = ConfigFactory.parseResources("reference.conf")
                .withOnlyPath("rotunda")
                .resolve();
        FaultList faults = new FaultList();
        for (Map.Entry<String, ConfigValue> key : reference.entrySet()) {
            ValueKind kind = KnownKeys.KINDS.get(key.getKey());
            assertThat(kind).as(key.getKey()).isNotNull();
            if (kind != null) {
                kind.check(key.getKey(), key.getValue(), faults);
            }
        }
        assertThat(faults.messages()).isEmpty();
        assertThat(KnownKeys.KINDS.keySet())
                .isEqualTo(reference.entrySet().stream().map(Map.Entry::getKey).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        rotunda.http.prot = 80         | rotunda.http.prot  | did you mean rotunda.http.port?
        rotunda { htpp { port = 80 } } | rotunda.htpp.port  | did you mean rotunda.http.port?
        rotunda.log.level = debug      | rotunda.log.level  | the keys of rotunda.log are format
        rotunda.bind = x               | rotunda.bind       | did you mean rotunda.media.bind?
        rotonda.http.port = 80         | rotonda.http.port  | did you mean rotunda.http.port?
        http { port = 80 }             | http.port          | did you mean rotunda.http.port?
        http { prot = 80 }             | http.prot          | did you mean rotunda.http.port?
        """)
    void unknownKeysNameTheNearestOne(String text, String key, String hint) throws IOException {
        assertThat(faults(text)).containsExactly(at("unknown key " + key + " in FILE line 1; " + hint));
    }

    @Test
    void unknownKeysFarFromAllOthersNameNone() throws IOException {
        assertThat(faults("rotunda.dns.zone = x")).containsExactly(at("unknown key rotunda.dns.zone in FILE line 1"));
    }

    @Test
    void aValueInThePlaceOfASectionNamesTheKeysOfTheSection() throws IOException {
        assertThat(faults("rotunda.http = 80"))
                .containsExactly(at(
                        "rotunda.http in FILE line 1 is a section with the keys answer-timeout, connections-max, demo-page,"
                                + " dev-token, form-bytes-max, host, port, public-url, room-timeout, tls,"
                                + " trusted-proxies, not a value"));
        assertThat(faults("rotunda = 80"))
                .containsExactly(
                        at("rotunda in FILE line 1 is a section with the keys account-store, accounts, callbacks,"
                                + " cluster, db, drain, housekeeping, http, insights, kubernetes, limits, log,"
                                + " management, media, node, region, rooms, signaling, turn, not a value"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http.port = 99999               | http.port = 99999                  | port from 0 to 65535
            http.port = 80.5                | http.port = 80.5                   | port from 0 to 65535
            http.port = eighty              | http.port = "eighty"               | port from 0 to 65535
            http.port = null                | http.port = null                   | port from 0 to 65535
            http.dev-token = maybe          | http.dev-token = "maybe"           | on or off
            http.host = "a b"               | http.host = "a b"                  | host name or IP address
            http.public-url = "a.b/x"       | http.public-url = "a.b/x"          | http(s)://host[:port], or empty
            http.form-bytes-max = 12        | http.form-bytes-max = 12           | size, 1 KiB or more, below 2 GiB
            signaling.heartbeat = 100ms     | signaling.heartbeat = "100ms"      | DURATION of 500 ms or more
            rooms.age-max = 1 week          | rooms.age-max = "1 week"           | DURATION above 0
            rooms.default.type = huge       | rooms.default.type = "huge" | group, group-small, peer-to-peer or go
            rooms.default.video-codecs=[VP9]| rooms.default.video-codecs[0] = "VP9" | VP8 or H264
            node.roles = [gateway, rom]     | node.roles[1] = "rom"              | gateway, room or media
            cluster.seeds = [10.0.0.1]      | cluster.seeds[0] = "10.0.0.1"      | address:port
            turn.urls = ["turn://a"]        | turn.urls[0] = "turn://a" | stun:, stuns:, turn: or turns: URL
            turn.ttl = 30 s                 | turn.ttl = "30 s"                  | DURATION of 60 s or more
            """)
    void wrongValuesNameTheirKeyAndWhatIsAllowed(String text, String value, String allowed) throws IOException {
        assertThat(faults("rotunda { " + text + " }"))
                .containsExactly(at("rotunda." + value + " in FILE line 1 cannot be used; allowed: "
                        + allowed.replace("DURATION", "duration (ms, s, m, h or d)")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        node.roles = gateway     | node.roles     | a single value | list of gateway, room or media
        accounts = { sid = x }   | accounts       | a section      | list of { sid, auth-tokens, keys }
        accounts = [AC1]         | accounts[0]    | a single value | { sid, auth-tokens, keys }
        """)
    void valuesOfAnotherTypeNameBothTypes(String text, String key, String type, String allowed) throws IOException {
        assertThat(faults("rotunda { " + text + " }"))
                .containsExactly(at("rotunda." + key + " in FILE line 1 is " + type + "; allowed: " + allowed));
    }

    @Test
    void valuesThatContradictEachOtherNameBothKeys() throws IOException {
        assertThat(faults("rotunda.cluster.node-lost-after = 100ms"))
                .containsExactly(
                        "rotunda.cluster.node-lost-after must be at least three times rotunda.cluster.beat-interval");
        assertThat(faults("rotunda.media.bind = 0.0.0.0"))
                .containsExactly("rotunda.media.bind = 0.0.0.0 needs rotunda.media.advertise, because clients must be"
                        + " given addresses that they can reach");
    }

    @Test
    void theWaysToLearnMediaAddressesNameWhatTheyLack() throws IOException {
        assertThat(faults("rotunda.media { advertise-from = service, advertise = [\"192.0.2.1:1\"], loops = 1 }"))
                .containsExactly(
                        "rotunda.media.advertise and rotunda.media.advertise-from are both set; set only one of"
                                + " them");
        assertThat(faults("rotunda.media.advertise-from = node"))
                .containsExactly("rotunda.media.advertise-from = node needs rotunda.kubernetes.node-name, or"
                        + " rotunda.media.advertise-node = internal and rotunda.kubernetes.node-address");
        assertThat(faults("rotunda { media { advertise-from = service, advertise-node = internal } }"))
                .containsExactly("rotunda.media.advertise-node = internal needs rotunda.kubernetes.node-address");
        assertThat(faults("rotunda { media.advertise-from = ordinal, kubernetes.pod-name = media-1 }"))
                .containsExactly("rotunda.media.advertise-from = ordinal needs rotunda.media.advertise-first");
        assertThat(faults("rotunda { media { advertise-from = ordinal, advertise-first = \"192.0.2.1:20000\" },"
                        + " kubernetes.pod-name = media }"))
                .containsExactly(
                        "rotunda.media.advertise-from = ordinal needs a pod whose name ends with its number, such"
                                + " as media-0: rotunda.kubernetes.pod-name is media");
        assertThat(faults(
                        "rotunda { media { loops = 3, advertise-from = ordinal, advertise-first = \"192.0.2.1:65000\" },"
                                + " kubernetes.pod-name = media-200 }"))
                .containsExactly(
                        "rotunda.media.advertise-from = ordinal gives media-200 the ports 65600 and up, which do"
                                + " not exist");
        assertThat(
                        faults(
                                "rotunda { media { bind = 0.0.0.0, advertise-from = service }, kubernetes.pod-name = media-0 }"))
                .isEmpty();
    }

    @Test
    void tokensForEverybodyNeedTheDevMode() throws IOException {
        assertThat(faults("rotunda.http.dev-token = on"))
                .containsExactly("rotunda.http.dev-token = on needs rotunda.node.mode = dev, because it lets everybody"
                        + " who reaches the HTTP port into every room");
        assertThat(faults("rotunda { node.mode = dev, http { host = 127.0.0.1, dev-token = on } }"))
                .isEmpty();
    }

    @Test
    void simulatedRecordingNeedsTheDevMode() throws IOException {
        assertThat(faults("rotunda.rooms.simulate-recording = on"))
                .containsExactly("rotunda.rooms.simulate-recording = on needs rotunda.node.mode = dev, because clients"
                        + " would be told that they are recorded while nothing is recorded");
        assertThat(faults("rotunda { node.mode = dev, http.host = 127.0.0.1, rooms.simulate-recording = on }"))
                .isEmpty();
    }

    @Test
    void theTurnServerOfDevNeedsTheDevMode() throws IOException {
        assertThat(faults("rotunda.turn.dev-server = on"))
                .containsExactly(
                        "rotunda.turn.dev-server = on needs rotunda.node.mode = dev, because that server relays"
                                + " between programs of this machine only: name servers of yours in rotunda.turn.urls");
        assertThat(faults("rotunda { node.mode = dev, http.host = 127.0.0.1, turn.dev-server = on }"))
                .isEmpty();
    }

    @Test
    void turnServersNeedTheirSecretAndNeverShowIt() throws IOException {
        assertThat(faults("rotunda.turn.urls = [\"turn:turn.example.com\"]"))
                .containsExactly(
                        "rotunda.turn.secret is empty, but rotunda.turn.urls names a TURN server: set it to the"
                                + " server's secret (static-auth-secret of coturn)");
        assertThat(faults("rotunda.turn.urls = [\"stun:stun.example.com\"]")).isEmpty();
        assertThat(faults("rotunda.turn { urls = [\"turn:t\"], secret = [hunter2] }"))
                .containsExactly(at("rotunda.turn.secret in FILE line 1 cannot be used; allowed: text, or empty"));
    }

    @Test
    void elementsOfListsHaveKnownKeysToo() throws IOException {
        assertThat(faults(ACCOUNT.formatted("auth-token = [x], keys = [{ sid = SK1, secrt = y }], colour = red")))
                .containsExactly(
                        at("unknown key rotunda.accounts[0].auth-token in FILE line 1; did you mean auth-tokens?"),
                        at("unknown key rotunda.accounts[0].colour in FILE line 1; the keys there are auth-tokens,"
                                + " keys, sid"),
                        at("rotunda.accounts[0].keys[0].secret is missing in FILE line 1; allowed: text"),
                        at("unknown key rotunda.accounts[0].keys[0].secrt in FILE line 1; did you mean secret?"),
                        at("rotunda.accounts[0].keys[0].sid = \"SK1\" in FILE line 1 cannot be used; allowed: SK and 32"
                                + " lower-case hex digits"));
    }

    @Test
    void secretsAreNeverShown() throws IOException {
        List<String> faults = faults("""
            rotunda.db.password = [hunter2]
            rotunda.db.url = "jdbc:mysql://db/rotunda?password=hunter2"
            rotunda.accounts = [{
              sid = AC00000000000000000000000000000001
              auth-tokens = "hunter2"
              keys = [{ sid = SK00000000000000000000000000000001, secret = { hunter2 = hunter2 } }, hunter2]
            }]
            """);

        assertThat(faults)
                .containsExactly(
                        at("rotunda.accounts[0].auth-tokens in FILE line 5 is a single value; allowed: list of text"),
                        at("rotunda.accounts[0].keys[0].secret in FILE line 6 cannot be used; allowed: text"),
                        at("rotunda.accounts[0].keys[1] in FILE line 6 is a single value; allowed: { sid, secret }"),
                        at("rotunda.db.password in FILE line 1 cannot be used; allowed: text, or empty"),
                        at("rotunda.db.url in FILE line 2 cannot be used; allowed: jdbc:h2:…"
                                + " or jdbc:postgresql:…"));
        assertThat(NodeConfiguration.readDev(Map.of("rotunda.db.password", "{hunter2"))
                        .faults())
                .containsExactly("--set rotunda.db.password: the value is not valid HOCON; put it in quotes: --set"
                        + " 'rotunda.db.password=\"…\"'");
    }

    @Test
    void allFaultsAreFoundAtOnce() throws IOException {
        assertThat(faults("""
            rotunda {
              http { prot = 80, host = "" }
              media { bind = 0.0.0.0 }
              housekeeping.rooms-keep = 1d
              node.mode = development
            }
            """))
                .containsExactly(
                        "rotunda.housekeeping.rooms-keep must not be shorter than journal-keep and"
                                + " participants-keep, which are found through it: PT24H",
                        at("rotunda.http.host = \"\" in FILE line 2 cannot be used; allowed: host name or IP address"),
                        at("unknown key rotunda.http.prot in FILE line 2; did you mean rotunda.http.port?"),
                        at("rotunda.node.mode = \"development\" in FILE line 5 cannot be used; allowed:"
                                + " dev or production"));
    }

    @Test
    void overridesAreCheckedLikeTheFile() {
        assertThat(NodeConfiguration.readDev(Map.of(
                                "rotunda.http.prot", "80",
                                "rotunda.http.port", "99999",
                                "http.port", "80",
                                "variable", "80"))
                        .faults())
                .containsExactly(
                        "unknown key http.port in --set; did you mean rotunda.http.port?",
                        "rotunda.http.port = 99999 in --set cannot be used; allowed: port from 0 to 65535",
                        "unknown key rotunda.http.prot in --set; did you mean rotunda.http.port?",
                        "unknown key variable in --set");
        assertThat(NodeConfiguration.readDev(Map.of("pekko.loglevel", "DEBUG")).faults())
                .isEmpty();
    }

    @Test
    void aFileMayHaveVariablesOfItsOwnAndSettingsOfLibraries() throws IOException {
        Files.writeString(file, """
            my { host = 127.0.0.1 }
            rotunda { http.host = ${my.host}, management.host = ${my.host} }
            pekko.anything.at-all = 1
            """);

        NodeConfiguration configuration = NodeConfiguration.readFile(file, Map.of("my.host", "127.0.0.2"));

        assertThat(configuration.faults()).isEmpty();
        assertThat(configuration.settings().management().host()).isEqualTo("127.0.0.2");
    }

    @Test
    void includedFilesAreNamedWhereTheirKeysAreWrong(@TempDir Path directory) throws IOException {
        Path included = Files.writeString(directory.resolve("shared.conf"), "\nrotunda.http.prot = 80\n");
        Path main = Files.writeString(directory.resolve("main.conf"), "include \"shared.conf\"\n");

        assertThat(NodeConfiguration.readFile(main, Map.of()).faults())
                .containsExactly(
                        "unknown key rotunda.http.prot in " + included + " line 2; did you mean rotunda.http.port?");
    }

    @Test
    void aFileThatCannotBeReadIsOneFault() throws IOException {
        Path absent = file.resolveSibling("absent.conf");
        assertThat(NodeConfiguration.readFile(absent, Map.of()).faults())
                .containsExactly("the configuration " + absent + " does not exist");
        assertThat(faults("rotunda { http {")).hasSize(1).allMatch(fault -> fault.startsWith(file.toString()));
        assertThat(faults("rotunda.http.host = ${nowhere}"))
                .singleElement()
                .asString()
                .contains(file.toString(), "${nowhere}");
    }

    @Test
    void developerSettingsStayOnLoopback() {
        assertThat(NodeConfiguration.readDev(
                                Map.of("rotunda.http.host", "0.0.0.0", "rotunda.management.host", "10.0.0.1"))
                        .faults())
                .containsExactly("in dev mode, whose credentials are public, these must be addresses of the loopback"
                        + " interface: rotunda.http.host = 0.0.0.0, rotunda.management.host = 10.0.0.1");
    }

    @Test
    void developerMediaHasOneAddressOfThisMachine() {
        assertThat(mediaOfDev(Map.of()).bind()).isEqualTo(OwnAddress.find());
        assertThat(mediaOfDev(Map.of("rotunda.media.bind", "127.0.0.1")).bind()).isEqualTo("127.0.0.1");
        assertThat(mediaOfDev(Map.of("rotunda.media.bind", "10.0.0.1")).bind()).isEqualTo("10.0.0.1");
        assertThat(NodeConfiguration.readDev(Map.of(
                                "rotunda.media.bind", "0.0.0.0",
                                "rotunda.media.loops", "1",
                                "rotunda.media.advertise", "[\"10.0.0.1:10000\"]"))
                        .faults())
                .containsExactly("in dev mode rotunda.media.bind must be own or one address of this machine, so that"
                        + " nothing else is opened: 0.0.0.0");
    }

    private static MediaSettings mediaOfDev(Map<String, String> overrides) {
        return NodeConfiguration.readDev(overrides).settings().media();
    }

    @Test
    void developerNodesListenForOtherNodesOnLoopbackToo() {
        assertThat(NodeConfiguration.readDev(Map.of("rotunda.cluster.bind-host", "0.0.0.0"))
                        .faults())
                .containsExactly("in dev mode, whose credentials are public, these must be addresses of the loopback"
                        + " interface: rotunda.cluster.bind-host = 0.0.0.0");
    }

    @Test
    void faultsAreThrownWhereAConfigurationIsNeeded() throws IOException {
        Files.writeString(file, "rotunda { http.prot = 80, log.format = xml }");

        assertThatThrownBy(() -> NodeConfiguration.file(file, Map.of()))
                .isInstanceOfSatisfying(
                        ConfigurationFaults.class,
                        thrown -> assertThat(thrown.faults()).hasSize(2))
                .hasMessageContaining("rotunda.http.prot")
                .hasMessageContaining("rotunda.log.format");
    }

    @Test
    void portsAreKnownWithTheirKeys() throws IOException {
        Files.writeString(file, """
            rotunda {
              http { host = 127.0.0.1, port = 8080, prot = 1 }
              cluster { bind-host = 127.0.0.3, bind-port = 7000 }
              media { port = 10000, loops = 2 }
            }
            """);

        assertThat(NodeConfiguration.readFile(file, Map.of()).ports())
                .as("in spite of an unknown key")
                .containsExactly(
                        ListeningPort.tcp("rotunda.http.port", "rotunda.http.host", new Endpoint("127.0.0.1", 8080)),
                        ListeningPort.tcp(
                                "rotunda.management.port", "rotunda.management.host", new Endpoint("127.0.0.1", 7626)),
                        ListeningPort.tcp(
                                "rotunda.cluster.bind-port",
                                "rotunda.cluster.bind-host",
                                new Endpoint("127.0.0.3", 7000)),
                        ListeningPort.udp(
                                "rotunda.media.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 10_000)),
                        ListeningPort.tcp(
                                "rotunda.media.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 10_000)),
                        ListeningPort.udp(
                                "rotunda.media.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 10_001)),
                        ListeningPort.tcp(
                                "rotunda.media.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 10_001)));
    }

    @Test
    void thePortWithTlsIsOneMoreOrTheOnlyOne() throws IOException {
        String tls =
                "rotunda.http { port = 80, tls { certificate = a.crt, key = a.key, port = 443, plain-http = %s } }";
        for (String plain : List.of("redirect", "serve", "off")) {
            Files.writeString(file, tls.formatted(plain));

            List<String> ports = NodeConfiguration.readFile(file, Map.of()).ports().stream()
                    .filter(port -> port.hostKey().equals("rotunda.http.host"))
                    .map(port -> port.key() + " " + port.endpoint().port())
                    .toList();

            assertThat(ports)
                    .containsExactlyElementsOf(
                            plain.equals("off")
                                    ? List.of("rotunda.http.tls.port 443")
                                    : List.of("rotunda.http.port 80", "rotunda.http.tls.port 443"));
        }
    }

    @Test
    void aCertificateWithoutAKeyIsAFault() throws IOException {
        assertThat(faults("rotunda.http.tls.certificate = a.crt"))
                .singleElement()
                .asString()
                .contains("rotunda.http.tls.certificate", "rotunda.http.tls.key", "belong together");
    }

    @Test
    void filesOfACertificateAreReadOnlyWhenAskedFor() throws IOException {
        Files.writeString(file, "rotunda.http.tls { certificate = /no/such/file.crt, key = /no/such/file.key }");
        NodeConfiguration configuration = NodeConfiguration.readFile(file, Map.of());

        assertThat(configuration.faults()).isEmpty();
        assertThat(configuration.fileFaults())
                .containsExactly("rotunda.http.tls.certificate: /no/such/file.crt does not exist");

        Files.writeString(file, """
            rotunda {
              node.roles = [media]
              http.tls { certificate = /no/such/file.crt, key = /no/such/file.key }
            }
            """);
        assertThat(NodeConfiguration.readFile(file, Map.of()).fileFaults())
                .as("a node without the role gateway")
                .isEmpty();
    }

    @Test
    void tcpPortsOfMediaAreThoseOfUdpUnlessConfigured() throws IOException {
        Files.writeString(file, "rotunda.media { port = 10000, loops = 2, tcp.port = 443 }");
        assertThat(NodeConfiguration.readFile(file, Map.of()).ports())
                .contains(
                        ListeningPort.tcp(
                                "rotunda.media.tcp.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 443)),
                        ListeningPort.tcp(
                                "rotunda.media.tcp.port", "rotunda.media.bind", new Endpoint("127.0.0.1", 444)));

        Files.writeString(file, "rotunda.media { port = 10000, loops = 2, tcp.enabled = off }");
        assertThat(NodeConfiguration.readFile(file, Map.of()).ports())
                .filteredOn(port -> port.hostKey().equals("rotunda.media.bind"))
                .allMatch(ListeningPort::udp)
                .hasSize(2);
    }

    @Test
    void tcpOfMediaHasTheDefaultsOfItsRecord() {
        assertThat(mediaOfDev(Map.of()).tcp()).isEqualTo(MediaTcpSettings.DEFAULT);
    }

    @Test
    void tcpAddressesOfMediaAreOneForEachLoop() throws IOException {
        assertThat(faults("rotunda.media { loops = 2, tcp.advertise = [\"10.0.0.1:443\"] }"))
                .containsExactly("rotunda.media.tcp.advertise must name one address for each of the 2 loops:"
                        + " [10.0.0.1:443]");
        assertThat(faults("rotunda.media { loops = 2, tcp.port = 65535 }"))
                .containsExactly("rotunda.media.tcp.port must leave room for every loop: 65535");
    }

    private List<String> faults(String text) throws IOException {
        return NodeConfiguration.readFile(Files.writeString(file, text), Map.of())
                .faults();
    }

    private String at(String fault) {
        return fault.replace("FILE", file.toString());
    }
}
