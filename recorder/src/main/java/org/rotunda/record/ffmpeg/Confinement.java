package org.rotunda.record.ffmpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * The programs through which ffmpeg is started, so that the kernel bounds what it can do. Each of them sets something
 * and then becomes the next, so there is one process in the end.
 *
 * <ul>
 *   <li>{@code unshare}: no network at all, where the system allows that.
 *   <li>{@code setpriv}: the process is killed when the thread that started it ends, whatever ends it; it can get no
 *       new rights, and has no capabilities, even as root.
 *   <li>{@code prlimit}: processor time, address space and file size; no core dumps.
 *   <li>{@code nice}: calls come first.
 * </ul>
 *
 * @param networkArguments the begin of the command line that takes the network away; nothing where that is not allowed
 * @param capabilityArguments the options of {@code setpriv} that take capabilities away; nothing for a user who has
 *     none, for whom they would fail
 */
public record Confinement(List<String> networkArguments, List<String> capabilityArguments) {
    /** After the soft limit the program may end by itself; the kernel kills it after so much more processor time. */
    private static final long CPU_GRACE_SECONDS = 5;

    public Confinement {
        networkArguments = List.copyOf(networkArguments);
        capabilityArguments = List.copyOf(capabilityArguments);
    }

    /** Returns the command line that runs a program with these limits. */
    List<String> wrap(List<String> program, RunLimits limits) {
        List<String> command = new ArrayList<>(networkArguments);
        command.addAll(List.of("setpriv", "--pdeathsig", "KILL", "--no-new-privs"));
        command.addAll(capabilityArguments);
        command.add("--");
        command.addAll(List.of(
                "prlimit",
                "--cpu=" + limits.cpuSeconds() + ":" + (limits.cpuSeconds() + CPU_GRACE_SECONDS),
                "--as=" + limits.memoryBytes(),
                "--fsize=" + limits.fileBytes(),
                "--core=0",
                "--"));
        command.addAll(List.of("nice", "-n", "10"));
        command.addAll(program);
        return command;
    }
}
