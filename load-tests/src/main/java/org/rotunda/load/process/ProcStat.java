package org.rotunda.load.process;

/**
 * The line of {@code /proc/PID/stat} or {@code /proc/PID/task/TID/stat} (proc_pid_stat(5)).
 *
 * @param name the name of the thread, at most 15 characters; for a process, the name of its first thread
 * @param cpuTicks user and system time since the start, in ticks of the kernel's clock; the time of a process includes
 *     the time of its ended threads
 */
record ProcStat(String name, long cpuTicks) {
    /** The index of utime (field 14) among the fields after the name. The first of these fields is field 3. */
    private static final int UTIME = 14 - 3;

    /** The index of stime (field 15) among the fields after the name. */
    private static final int STIME = 15 - 3;

    /** Parses a line. The name is in parentheses and may itself contain parentheses and spaces. */
    static ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        String[] fields = line.substring(close + 1).trim().split(" ", -1);
        if (fields.length <= STIME) {
            throw new IllegalArgumentException("too few fields in: " + line);
        }
        return new ProcStat(
                line.substring(open + 1, close), Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]));
    }
}
