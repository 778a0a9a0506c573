package org.rotunda.load.process;

/**
 * One line of {@code /proc/PID/stat} or {@code /proc/PID/task/TID/stat} (proc_pid_stat(5)).
 *
 * @param name of the thread, at most 15 characters; of a process, that of its first thread
 * @param cpuTicks user and system time since its start, in ticks of the kernel's clock, threads that ended included
 */
record ProcStat(String name, long cpuTicks) {
    /** Fields behind the name, which is the second: the state is the third, utime the fourteenth, stime the fifteenth. */
    private static final int UTIME = 14 - 3;

    private static final int STIME = 15 - 3;

    /** The name stands in parentheses and may hold anything, parentheses and spaces too. */
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
