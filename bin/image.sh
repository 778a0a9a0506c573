#!/usr/bin/env bash
# Builds the image of a node as an OCI archive: "bin/rotunda image --help" explains it. Needs no engine, no network and no rights: an image is a few tar
# files and three JSON files. Everything in it has a fixed order and time, so that two builds of the same program have the same digest.
set -euo pipefail
export LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)
app=$top/cluster-node/target/rotunda
work=$top/cluster-node/target/image

usage() {
    cat <<'END'
Usage: bin/rotunda image [-o FILE]
Builds the image of a node for this machine's architecture: a run-time of this JDK, the libraries of the system that it needs, and the program. No shell.

  -o FILE  the OCI archive to write (default cluster-node/target/image/rotunda.tar)

Prints the digest of the image. Then, for example:
  podman load -i FILE; podman push rotunda:VERSION registry.example.com/rotunda:VERSION
  skopeo copy oci-archive:FILE docker://registry.example.com/rotunda:VERSION
Two images of the two architectures become one by "podman manifest create" and "podman manifest add".
END
}

die() { printf 'rotunda: %s\n' "$*" >&2; exit 1; }

out=$work/rotunda.tar
while [ $# -gt 0 ]; do
    case $1 in
        -o) [ $# -ge 2 ] || { usage >&2; exit 2; }; out=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
[ -d "$app/lib" ] || die "the program is not built: bin/rotunda builds it"
[ -n "${JAVA_HOME:-}" ] || die "JAVA_HOME is not set"
for tool in tar gzip sha256sum ldd unzip; do command -v $tool >/dev/null || die "$tool is missing"; done
case $(uname -m) in
    x86_64) arch=amd64 netty=x86_64 corretto=x86_64 ;;
    aarch64) arch=arm64 netty=aarch_64 corretto=aarch_64 ;;
    *) die "there is no image for $(uname -m)" ;;
esac
version=$(sed -n 's/^version=//p' "$app/build.properties")
commit=$(sed -n 's/^commit=//p' "$app/build.properties")

rm -rf "$work"
mkdir -p "$work/layout/blobs/sha256" "$(dirname "$out")"

# Layer 1: what changes least. All modules of the standard and those of the JDK that libraries use; jcmd, to look into a node.
system=$work/1-system
jdk=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$JAVA_HOME/release")
[ "$jdk" -ge 21 ] && compress=zip-6 || compress=2
mkdir -p "$system/opt" "$system/etc" "$system/tmp"
"$JAVA_HOME/bin/jlink" --output "$system/opt/java" --strip-debug --compress $compress --no-header-files --no-man-pages \
    --add-modules java.se,jdk.unsupported,jdk.jfr,jdk.net,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.crypto.cryptoki,jdk.jcmd,jdk.zipfs
# Windows and sound: nobody uses them here, and they would bring a dozen libraries of the system.
rm -f "$system"/opt/java/lib/lib{awt_xawt,jawt,jsound,splashscreen}.so
# The trusted authorities may be a link to a file of the system.
cp -L "$JAVA_HOME/lib/security/cacerts" "$system/opt/java/lib/security/cacerts.copy"
mv "$system/opt/java/lib/security/cacerts.copy" "$system/opt/java/lib/security/cacerts"
printf 'root:x:0:0::/:\nrotunda:x:10001:10001::/tmp:\n' >"$system/etc/passwd"
printf 'root:x:0:\nrotunda:x:10001:\n' >"$system/etc/group"
printf 'hosts: files dns\n' >"$system/etc/nsswitch.conf"

# Layer 2: libraries of others, and their native code, unpacked: a read-only container has no place to unpack it to.
libraries=$work/2-libraries
mkdir -p "$libraries/opt/rotunda/lib" "$libraries/opt/rotunda/native"
find "$app/lib" -name '*.jar' -not -name '*-SNAPSHOT*' -exec cp {} "$libraries/opt/rotunda/lib" \;
# Layer 3: our own jars.
program=$work/3-program
mkdir -p "$program/opt/rotunda/lib"
for module in media-router room-actor gateway cluster-node; do
    jar=$(find "$app/lib" -name "$module-*.jar")
    [ -n "$jar" ] || die "no jar of $module in $app/lib"
    cp "$jar" "$program/opt/rotunda/lib"
    rm -f "$libraries/opt/rotunda/lib/$(basename "$jar")"
done

native() { # JAR-PATTERN PATH-IN-JAR
    local jar
    jar=$(find "$libraries/opt/rotunda/lib" -name "$1")
    [ -n "$jar" ] || die "no library $1: media would be several times slower on $arch"
    unzip -joq "$jar" "$2" -d "$libraries/opt/rotunda/native"
}
native "netty-transport-native-epoll-*-linux-$netty.jar" 'META-INF/native/*.so'
native "AmazonCorrettoCryptoProvider-*-linux-$corretto.jar" '*.so'

# The files of the C library that all this links to, under the names that it is linked by.
find "$system/opt/java" "$libraries/opt/rotunda/native" -type f \( -name '*.so' -o -perm -u+x \) -print0 |
    xargs -0 -n 1 ldd 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*ld-linux/ { print $1 }' |
    grep -v "^$work/" | sort -u | while read -r file; do
    mkdir -p "$system$(dirname "$file")"
    cp -L "$file" "$system$file"
done

# The options of the JVM, in a file that it reads itself. The class path names each jar, because the order of a folder is not fixed.
{
    echo "-XX:+UseZGC -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8"
    # Standard output is the log's: what the JVM itself has to say goes to standard error.
    echo "-XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning,cds*=off:stderr"
    [ "$jdk" -lt 24 ] || echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
    [ "$jdk" -lt 21 ] || [ "$jdk" -ge 24 ] || echo "-XX:+ZGenerational"
    echo "-Djava.library.path=/opt/rotunda/native -Dcom.amazon.corretto.crypto.provider.useExternalLib=true"
    echo "-cp $(cd "$work" && find ./*/opt/rotunda/lib -name '*.jar' | sed 's:^\./[^/]*::' | sort | paste -sd: -)"
    echo "org.rotunda.node.Main"
} >"$program/opt/rotunda/options"
cp "$app/build.properties" "$program/opt/rotunda/"

# The digest of a file, which is moved into the image under it.
blob() {
    local digest
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    mv "$1" "$work/layout/blobs/sha256/$digest"
    printf '%s' "$digest"
}
size() { stat -c %s "$work/layout/blobs/sha256/$1"; }

layers="" diffs=""
for layer in "$system" "$libraries" "$program"; do
    find "$layer" -type d -exec chmod 755 {} + -o -type f -perm -u+x -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
    [ ! -d "$layer/tmp" ] || chmod 1777 "$layer/tmp"
    tar --create --file "$layer.tar" --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --format=gnu --directory "$layer" .
    diff=$(sha256sum "$layer.tar" | cut -d ' ' -f 1)
    gzip --no-name --force "$layer.tar"
    digest=$(blob "$layer.tar.gz")
    diffs+="${diffs:+,}\"sha256:$diff\""
    layers+="${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$digest\",\"size\":$(size "$digest")}"
done

# PID 1 is java itself, so SIGTERM reaches the node.
cat >"$work/config.json" <<END
{"architecture":"$arch","os":"linux","created":"1970-01-01T00:00:01Z","config":{"User":"10001:10001","Entrypoint":["/opt/java/bin/java","@/opt/rotunda/options"],\
"Cmd":["node","-c","/etc/rotunda/node.conf"],"WorkingDir":"/tmp","Env":["PATH=/opt/java/bin"],"Labels":{"org.opencontainers.image.title":"Rotunda",\
"org.opencontainers.image.version":"$version","org.opencontainers.image.revision":"$commit","org.opencontainers.image.licenses":"Apache-2.0"}},\
"rootfs":{"type":"layers","diff_ids":[$diffs]}}
END
config=$(blob "$work/config.json")
cat >"$work/manifest.json" <<END
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
"digest":"sha256:$config","size":$(size "$config")},"layers":[$layers]}
END
manifest=$(blob "$work/manifest.json")
cat >"$work/layout/index.json" <<END
{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:$manifest","size":$(size "$manifest"),\
"platform":{"architecture":"$arch","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"rotunda:$version"}}]}
END
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/layout/oci-layout"
tar --create --file "$out" --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --directory "$work/layout" .
rm -rf "$work/layout"
echo "rotunda $version, commit $commit, for linux/$arch: sha256:$manifest"
echo "$(($(stat -c %s "$out") / 1000000)) MB in $out, $(($(du -sb "$system" "$libraries" "$program" | awk '{ sum += $1 } END { print sum }') / 1000000)) MB unpacked"
