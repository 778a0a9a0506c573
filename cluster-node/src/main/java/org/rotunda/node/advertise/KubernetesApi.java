package org.rotunda.node.advertise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects from the API server of Kubernetes, with the token and the authority that Kubernetes mounts into the pod.
 * Both are read again for each question, because Kubernetes renews them. Every method blocks; one thread at a time.
 */
final class KubernetesApi {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    /** The length of the longest object that is read. Services and machines are far shorter. */
    private static final int OBJECT_BYTES_MAX = 4 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String server;
    private final Path credentials;
    private byte[] authority = {};
    private @Nullable HttpClient client; // It trusts the authority of the field above.

    KubernetesApi(String server, Path credentials) {
        this.server = server;
        this.credentials = credentials;
    }

    /**
     * An answer of the API server.
     *
     * @param object the object if the status is 200, else a missing node
     */
    record Answer(int status, JsonNode object) {}

    /**
     * Asks for an object.
     *
     * @param path the path of the object, which begins with a slash
     * @throws IOException if the credentials cannot be read, or the API server gives no answer; the message says which
     */
    Answer get(String path) throws IOException, InterruptedException {
        String token = Files.readString(credentials.resolve("token")).strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(ANSWER_MAX)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .build();
        try {
            HttpResponse<InputStream> response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                boolean isThere = response.statusCode() == 200;
                return new Answer(
                        response.statusCode(),
                        isThere ? JSON.readTree(body.readNBytes(OBJECT_BYTES_MAX)) : JSON.missingNode());
            }
        } catch (HttpTimeoutException late) {
            throw new IOException("the API server " + server + " does not answer", late);
        } catch (IOException failure) {
            throw new IOException("the API server " + server + " cannot be asked: " + failure, failure);
        }
    }

    private HttpClient client() throws IOException {
        byte[] certificates = Files.readAllBytes(credentials.resolve("ca.crt"));
        HttpClient present = client;
        if (present == null || !Arrays.equals(certificates, authority)) {
            present = HttpClient.newBuilder()
                    .connectTimeout(ANSWER_MAX)
                    .sslContext(trusting(certificates))
                    .build();
            client = present;
            authority = certificates;
        }
        return present;
    }

    private static SSLContext trusting(byte[] certificates) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates))) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException("ca.crt cannot be used: " + unusable.getMessage(), unusable);
        }
    }
}
