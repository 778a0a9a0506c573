package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the folder {@code k8s} that a test may change. */
record ManifestFolder(Path top) {

    /** Returns the names of the folders in a folder of {@code k8s}. */
    static List<String> names(String folder) {
        try (Stream<Path> all = Files.list(Rendering.FOLDER.resolve(folder))) {
            return all.map(one -> one.toFile().getName()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static ManifestFolder copyTo(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(Rendering.FOLDER)) {
            for (Path one : all.toList()) {
                Path copy = top.resolve(Rendering.FOLDER.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(one, copy);
                }
            }
        }
        return new ManifestFolder(top);
    }

    /** Adds an overlay with components that stand in the folder. */
    void overlay(String name, String... components) throws IOException {
        StringBuilder text = new StringBuilder("namespace: rotunda\nresources: [../../base]\ncomponents:\n");
        // Media pods that read their own Service need one.
        if (Stream.of(components).noneMatch(component -> component.startsWith("expose-"))) {
            text.append("  - ../../components/expose-loadbalancer\n");
        }
        for (String component : components) {
            text.append("  - ../../components/").append(component).append('\n');
        }
        text.append("images: [{ name: rotunda, newName: registry.example.com/rotunda, newTag: 0.1.0 }]\n");
        Path folder = Files.createDirectories(top.resolve("overlays").resolve(name));
        Files.writeString(folder.resolve("kustomization.yaml"), text);
    }

    /** Replaces a text that stands in a file. */
    void replace(String file, String from, String to) throws IOException {
        Path path = top.resolve(file);
        String text = Files.readString(path);
        assertThat(text).as(file).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    Rendering render(String overlay) {
        return Rendering.of(top.resolve("overlays").resolve(overlay));
    }
}
