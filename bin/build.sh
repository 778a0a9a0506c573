# Sourced by bin/rotunda: decides whether the program must be built, and builds it. Needs $top and toolchain.sh.

app=$top/cluster-node/target/rotunda
tools=$top/load-tests/target/bench

# A hash over the names and contents of the sources. File times do not count, so a copy of a checkout that is built is built too.
# Some test classes are among the sources, because tools are made of them: media bots of those of media-router, and the REST bench of
# the test kit of room-actor.
sources_hash() {
    (cd "$top" && find pom.xml */pom.xml */*/pom.xml */src/main load-tests/gatling/src media-router/src/test/java room-actor/src/test/java/org/rotunda/room/testkit -name node_modules -prune -o -type f -not -name '*~' -not -name '.*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# A hash over our own jars, which are the same bytes for the same sources. It differs if Maven has built other sources since.
jars_hash() {
    (cd "$top" && find cluster-node/target/rotunda/lib load-tests/target/bench/lib -name '*-SNAPSHOT*.jar' -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1)
}

# An unpacked release has no sources and is never built.
is_built() {
    [ -f "$top/pom.xml" ] || { [ -d "$app/lib" ] || die "neither sources nor a built program in $top"; return 0; }
    [ -d "$app/lib" ] && [ -d "$tools/lib" ] && [ -f "$app/.built" ] &&
        [ "$(cat "$app/.built")" = "$(sources_hash) $(jars_hash)" ]
}

build_if_needed() {
    is_built && return 0
    need_maven
    need_node
    # The lock is taken on the folder of the scripts, which Maven never removes. Maven inherits it, so a Maven that outlives this script
    # for a moment still keeps others away.
    exec 9<"$top/bin"
    if ! flock -n 9; then
        say "rotunda: another process builds this checkout; waiting for it"
        flock 9
    fi
    is_built || build
    exec 9<&-
}

build() {
    local hash log started=$SECONDS
    hash=$(sources_hash)
    log=$(mktemp)
    say "rotunda: building with JDK $(jdk_version "$JAVA_HOME") (the first time takes some minutes; log: $log)"
    rm -f "$app/.built"
    # The program needs nothing of k8s-tests, whose libraries are large. Maven runs in a process group of its own, so that it can be ended
    # together with everything that it starts.
    setsid bash -c 'cd "$1" && exec mvn -B -ntp -DskipTests -Dspotless.check.skip -pl "!k8s-tests" package' build "$top" >"$log" 2>&1 </dev/null &
    local maven=$!
    # This process ends the build if the script is killed by a signal that it cannot catch.
    setsid bash -c 'while kill -0 "$1" && kill -0 "$2"; do sleep 0.5; done; kill -0 "$1" || kill -- -"$2"' \
        watch $$ "$maven" >/dev/null 2>&1 </dev/null 9<&- &
    trap 'end_build '"$maven"' 130' INT
    trap 'end_build '"$maven"' 143' TERM
    trap 'end_build '"$maven"' 129' HUP
    progress "$maven" "$log" "$started"
    local status=0
    wait "$maven" || status=$?
    trap - INT TERM HUP
    if [ $status -ne 0 ]; then
        tail -n 40 "$log" >&2
        die "the build failed; the whole log is in $log"
    fi
    rm -f "$log"
    echo "$hash $(jars_hash)" >"$app/.built"
    say "rotunda: built in $((SECONDS - started)) s"
}

end_build() {
    trap - INT TERM HUP
    kill -- -"$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    say "rotunda: the build was stopped"
    exit "$2"
}

# One line for each module on standard error; on a terminal one line that is written again each second.
progress() {
    local maven=$1 log=$2 started=$3 module last=""
    while kill -0 "$maven" 2>/dev/null; do
        module=$(sed -n 's/^\[INFO\] Building \([^ ]*\) .*\[\([0-9]*\)\/\([0-9]*\)\]$/\1 (\2 of \3)/p' "$log" | tail -n 1)
        if [ -t 2 ]; then
            printf '\r\033[Krotunda: %s, %d s' "${module:-starting Maven}" $((SECONDS - started)) >&2
        elif [ "$module" != "$last" ]; then
            say "rotunda: building $module, $((SECONDS - started)) s"
        fi
        last=$module
        sleep 1 &
        wait $! || true # A signal ends the wait at once, and its trap runs.
    done
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}
