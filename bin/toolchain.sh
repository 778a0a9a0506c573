# Sourced by the other scripts here: finds the tools that Rotunda needs, and installs missing ones if this user may; otherwise it names
# the packages to install. Sets JAVA_HOME to the newest JDK at or above the floor.

JDK_FLOOR=17
NODE_FLOOR=20

say() { printf '%s\n' "$*" >&2; }
die() { say "rotunda: $*"; exit 1; }

# Prints the feature version of a JDK, read from its release file so that no JVM has to start; empty if the folder is no JDK.
jdk_version() {
    [ -x "$1/bin/javac" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

newest_jdk() {
    local best="" best_version=0 home version
    local on_path
    on_path=$(command -v javac 2>/dev/null) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    for home in "${JAVA_HOME:-}" ${on_path:-} /usr/lib/jvm/*; do
        [ -n "$home" ] || continue
        version=$(jdk_version "$home")
        [ -n "$version" ] || continue
        if [ "$version" -gt "$best_version" ]; then
            best=$home
            best_version=$version
        fi
    done
    [ "$best_version" -ge "$JDK_FLOOR" ] && printf '%s' "$best"
}

# Installs packages of Debian if this user may.
APT_UPDATED=""
install_packages() {
    local why=$1 sudo=""
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        die "$why is missing. Install it with your package manager (Debian's names: $*)."
    fi
    if [ "$(id -u)" != 0 ]; then
        if sudo -n true 2>/dev/null; then sudo="sudo"; else
            die "$why is missing and this user may not install packages. Run: sudo apt-get install $*"
        fi
    fi
    say "rotunda: installing $why ($*)"
    if [ -z "$APT_UPDATED" ]; then
        $sudo apt-get update -qq >/dev/null || die "apt-get update failed; install by hand: $*"
        APT_UPDATED=1
    fi
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "$@" >/dev/null ||
        die "could not install $why; install by hand: $*"
}

need_jdk() {
    local home
    home=$(newest_jdk || true)
    if [ -z "$home" ]; then
        install_packages "a JDK ($JDK_FLOOR or newer)" default-jdk-headless
        home=$(newest_jdk || true)
        [ -n "$home" ] || die "no JDK of version $JDK_FLOOR or newer was found; set JAVA_HOME to one"
    fi
    export JAVA_HOME=$home
    export PATH="$JAVA_HOME/bin:$PATH"
}

need_maven() { command -v mvn >/dev/null 2>&1 || install_packages "Maven" maven; }

need_node() {
    local version=0
    command -v node >/dev/null 2>&1 && version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    if [ "$version" -lt "$NODE_FLOOR" ] || ! command -v npm >/dev/null 2>&1; then
        install_packages "Node.js ($NODE_FLOOR or newer)" nodejs npm
        version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
        [ "$version" -ge "$NODE_FLOOR" ] ||
            die "Node.js $NODE_FLOOR or newer is needed, the system's packages have $version; install a newer one"
    fi
}

# Finds the browsers for the tests, and the libraries that the WebRTC peer inside the JVM links to.
need_browser() {
    command -v chromium >/dev/null 2>&1 || install_packages "Chromium" chromium
    command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || install_packages "Firefox" firefox-esr
    local missing=() pair
    for pair in libpulse.so.0:libpulse0 libX11.so.6:libx11-6 libXrandr.so.2:libxrandr2 libXcomposite.so.1:libxcomposite1 \
        libXdamage.so.1:libxdamage1 libXfixes.so.3:libxfixes3 libXtst.so.6:libxtst6 libgbm.so.1:libgbm1 \
        libdrm.so.2:libdrm2 libudev.so.1:libudev1 libdbus-1.so.3:libdbus-1-3; do
        ldconfig -p | grep -q "${pair%%:*}" || missing+=("${pair##*:}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "libraries of the WebRTC peer in tests" "${missing[@]}"
}

# Finds coturn, the TURN server. Rotunda starts a coturn of its own, on loopback.
need_coturn() {
    command -v turnserver >/dev/null 2>&1 || install_without_service "coturn (a TURN server)" coturn
}

# Finds Janus, another media server, which "bench --peer janus" measures.
need_janus() {
    command -v janus >/dev/null 2>&1 || install_without_service "Janus (a media server)" janus
}

# Finds ffmpeg, which composes recordings, and which makes and decodes the media of tests.
need_ffmpeg() {
    command -v ffmpeg >/dev/null 2>&1 && command -v ffprobe >/dev/null 2>&1 || install_packages "ffmpeg (media files)" ffmpeg
}

# Finds mkvtoolnix, which checks the files of recordings in tests.
need_mkvtoolnix() {
    command -v mkvmerge >/dev/null 2>&1 && command -v mkvinfo >/dev/null 2>&1 ||
        install_packages "mkvtoolnix (checks Matroska files)" mkvtoolnix
}

# Finds podman, which runs the container image in tests. Only root can use it there.
need_podman() {
    [ "$(id -u)" = 0 ] || return 0
    command -v podman >/dev/null 2>&1 && command -v runc >/dev/null 2>&1 || install_packages "podman (runs containers)" podman runc
}

# Installs a package whose service everybody could reach, without its service: Debian's policy-rc.d(8) forbids services to
# start while the package is installed.
install_without_service() {
    local description=$1 package=$2
    (
        policy=/usr/sbin/policy-rc.d
        sudo=""
        [ "$(id -u)" = 0 ] || sudo="sudo -n"
        if command -v apt-get >/dev/null 2>&1 && [ ! -e $policy ]; then
            trap '$sudo rm -f $policy 2>/dev/null || true' EXIT
            printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null 2>&1 && $sudo chmod +x $policy || true
        fi
        install_packages "$description" "$package"
        if command -v systemctl >/dev/null 2>&1; then $sudo systemctl disable "$package" >/dev/null 2>&1 || true; fi
    )
}
