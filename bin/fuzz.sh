# Sourced by bin/test: finds the fuzz tests and runs them under Jazzer. Every class *FuzzTest is one parser; its name is the class name
# without the ending, in lower case with dashes. What the fuzzer learns stays in target/fuzz/NAME of the module; an input that fails is
# written to the test's resources, so that every later build replays it.

FUZZ_SECONDS=60
# The longest time that one input may take. Every parser's work is linear and its inputs are short, so this is far above any real time.
FUZZ_INPUT_SECONDS=10
# Our own classes and the libraries that read a peer's bytes for us.
FUZZ_PACKAGES='org.rotunda.**:org.bouncycastle.tls.**:com.auth0.**'

# Prints one line for each parser: name, module, class.
fuzz_parsers() {
    local file class name
    find . -path '*/src/test/java/*FuzzTest.java' -not -path '*/target/*' | sort | while read -r file; do
        file=${file#./}
        class=${file#*/src/test/java/}
        class=${class%.java}
        name=$(basename "$class" FuzzTest | sed 's/\([a-z0-9]\)\([A-Z]\)/\1-\2/g' | tr '[:upper:]' '[:lower:]')
        printf '%s %s %s\n' "$name" "${file%%/*}" "${class//\//.}"
    done
}

# Prints what a parser's class says about it: the first sentence of its Javadoc, up to a colon.
fuzz_subject() {
    awk '/^\/\*\*/ { text = "" } /^class / { exit } { sub(/^\/?\*+\/?/, ""); sub(/^ \*\/?/, ""); sub(/\*\/$/, ""); text = text " " $0 }
         END { sub(/[.:].*/, "", text); gsub(/ +/, " ", text); sub(/^ Fuzzes /, "", text); print text }' "$1"
}

fuzz_list() {
    local name module class
    fuzz_parsers | while read -r name module class; do
        printf '%-20s %-13s %s\n' "$name" "$module" "$(fuzz_subject "$module/src/test/java/${class//.//}.java")"
    done
}

# Prints a duration (90, 90s, 10m, 1h) in seconds; nothing if it is none.
fuzz_seconds() {
    local number=${1%[smh]}
    case $number in '' | *[!0-9]*) return 0 ;; esac
    case $1 in
        *m) echo $((number * 60)) ;;
        *h) echo $((number * 3600)) ;;
        *) echo "$number" ;;
    esac
}

# Compiles the modules that have fuzz tests, and writes the class path of each to target/fuzz/classpath.
fuzz_compile() {
    local modules
    modules=$(fuzz_parsers | cut -d' ' -f2 | sort -u | paste -sd, -)
    mvn -B -ntp -q -pl "$modules" -am test-compile dependency:build-classpath -Dspotless.check.skip \
        -Dmdep.outputFile=target/fuzz/classpath -Dmdep.includeScope=test
}

# Fuzzes one parser: name, module, class, seconds. Prints one line, and the failure if there is one.
fuzz_one() {
    local name=$1 module=$2 class=$3 seconds=$4 status=0
    local folder=$top/$module/target/fuzz/$name
    mkdir -p "$folder/corpus"
    (
        cd "$top/$module"
        exec "$JAVA_HOME/bin/java" -cp "target/test-classes:target/classes:$(cat target/fuzz/classpath)" \
            -Xmx1g -XX:+UseParallelGC -XX:-OmitStackTraceInFastThrow -XX:+EnableDynamicAgentLoading \
            -Djdk.attach.allowAttachSelf=true --enable-native-access=ALL-UNNAMED -Dio.netty.leakDetection.level=disabled \
            com.code_intelligence.jazzer.Jazzer "--target_class=$class" "--instrumentation_includes=$FUZZ_PACKAGES" \
            "--reproducer_path=$folder" "-max_total_time=$seconds" "-timeout=$FUZZ_INPUT_SECONDS" -print_final_stats=1 \
            "$folder/corpus"
    ) >"$folder/log" 2>&1 || status=$?
    fuzz_report "$name" "$folder" "$status"
    return $status
}

fuzz_report() {
    local name=$1 folder=$2 status=$3
    awk -v name="$name" -v status="$status" '
        /stat::number_of_executed_units/ { executions = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i <= NF; i++) if ($i == "cov:") coverage = $(i + 1) }
        END { printf "%-20s %11d executions %8d/s %6d edges  %s\n", name, executions, rate, coverage, status == 0 ? "no fault" : "FAULT" }' \
        "$folder/log"
    if [ "$status" != 0 ]; then
        grep -aE '^(== Java Exception|Caused by|Test unit written|artifact_prefix|==.*ERROR)|^\s+at org\.rotunda' "$folder/log" | head -20 >&2
        say "rotunda: the whole log is $folder/log"
    fi
}

fuzz() {
    local which=all seconds=$FUZZ_SECONDS status=0 name module class parsers
    case ${1:-} in
        --list)
            fuzz_list
            return
            ;;
        '' | [0-9]*) ;;
        *)
            which=$1
            shift
            ;;
    esac
    if [ $# -gt 0 ]; then
        seconds=$(fuzz_seconds "$1")
        [ -n "$seconds" ] && [ $# -eq 1 ] || usage
    fi
    parsers=$(fuzz_parsers)
    [ "$which" = all ] || parsers=$(grep "^$which " <<<"$parsers") ||
        die "no parser is named \"$which\"; bin/test fuzz --list names them"
    need_jdk
    need_maven
    fuzz_compile
    while read -r name module class; do
        fuzz_one "$name" "$module" "$class" "$seconds" </dev/null || status=1
    done <<<"$parsers"
    return $status
}
